/** The golden bytes: what every language must read and write alike. Written by tests/golden/write.py. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, encode, WireError } from '../src/protocol/codec';
import { MESSAGES, PARTS, CHANGES, POSE } from '../src/protocol/generated/layouts';
import type { Message } from '../src/protocol/generated/messages';
import { decodePose, encodePose, type WirePose } from '../src/protocol/pose';

const FOLDER = new URL('../../tests/golden/', import.meta.url);
type Meaning = { message: string | null; code: number; fields: Record<string, unknown> };

function files(folder: string): [string, Uint8Array, Meaning][] {
  const names = readdirSync(new URL(folder, FOLDER)).filter((name) => name.endsWith('.json'));
  return names.map((name) => [
    name.replace('.json', ''),
    new Uint8Array(readFileSync(new URL(`${folder}/${name.replace('.json', '.bin')}`, FOLDER))),
    JSON.parse(exact(readFileSync(new URL(`${folder}/${name}`, FOLDER), 'utf8'))) as Meaning,
  ]);
}

// Whole numbers beyond 2⁵³ would lose their last digits in JSON.parse.
function exact(json: string): string {
  return json.replace(/: (\d{16,})/g, ': "bigint $1"');
}

const BYTES = new Set(
  [...Object.values(MESSAGES), ...Object.values(PARTS), ...Object.values(CHANGES)].flatMap((layout) =>
    layout.fields.filter((field) => field.kind === 'bytes').map((field) => field.name),
  ),
);

/** The golden JSON as this client holds it: camel case, byte strings as bytes. */
function meant(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => meant(one));
  if (typeof value === 'string' && BYTES.has(name)) return Uint8Array.from(Buffer.from(value, 'hex'));
  if (typeof value === 'string' && value.startsWith('bigint ')) return BigInt(value.slice(7));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const camel = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      return [camel, meant(one, camel)];
    }),
  );
}

function messageOf(meaning: Meaning): Message {
  return { code: meaning.code, ...(meant(meaning.fields) as object) } as Message;
}

const ALL = files('messages');
const MESSAGE_FILES = ALL.filter(([, , meaning]) => meaning.code !== POSE);
const POSE_FILES = ALL.filter(([, , meaning]) => meaning.code === POSE);

describe('golden messages', () => {
  test('every message of the protocol has one', () => {
    expect(new Set(MESSAGE_FILES.map(([, , meaning]) => meaning.code))).toEqual(new Set(Object.keys(MESSAGES).map(Number)));
  });

  test.each(MESSAGE_FILES)('%s is read', (_, bytes, meaning) => {
    expect(decode(bytes)).toStrictEqual(messageOf(meaning));
  });

  test.each(MESSAGE_FILES)('%s is written byte for byte', (_, bytes, meaning) => {
    expect(Buffer.from(encode(messageOf(meaning))).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
  });

  test.each(MESSAGE_FILES)('%s cut anywhere is refused by name, never misread', (_, bytes) => {
    for (let length = 0; length < bytes.length; length += Math.max(1, Math.floor(bytes.length / 60))) {
      expect(() => decode(bytes.slice(0, length))).toThrow(WireError);
    }
  });
});

describe('bytes of a later minor version', () => {
  test.each(files('newer'))('%s', (_, bytes, meaning) => {
    expect(decode(bytes)).toStrictEqual(meaning.message === null ? null : messageOf(meaning));
  });
});

describe('golden poses', () => {
  test.each(POSE_FILES)('%s', (_, bytes, meaning) => {
    const told = meaning.fields as Record<string, never>;
    const pose: WirePose = {
      number: told['number']!,
      time: told['time']!,
      position: told['position']!,
      orientation: told['orientation']!,
      flags: Number(told['flags']) & 15,
      left: told['left'] ?? null,
      right: told['right'] ?? null,
      gaze: told['gaze'] ?? null,
    };

    expect(Buffer.from(encodePose(pose)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
    const read = decodePose(bytes, pose.time);
    expect({ ...read, orientation: 0, left: 0, right: 0, gaze: 0 }).toEqual({ ...pose, orientation: 0, left: 0, right: 0, gaze: 0 });
    expect(Buffer.from(encodePose(read)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
    read.orientation.forEach((value, axis) => expect(value).toBeCloseTo(pose.orientation[axis]!, 9));
  });

  test('a pose out of reach, a far hand and no number are refused', () => {
    const pose: WirePose = { number: 1, time: 0, position: [0, 0, 0], orientation: [0, 0, 0, 1], flags: 15, left: null, right: null, gaze: null };
    const hand = { position: [5, 0, 0] as const, orientation: [0, 0, 0, 1] as const, tracked: true };

    expect(() => encodePose({ ...pose, position: [512, 0, 0] })).toThrow('±512 m');
    expect(() => encodePose({ ...pose, position: [NaN, 0, 0] })).toThrow(WireError);
    expect(() => encodePose({ ...pose, orientation: [0, 0, 0, 0] })).toThrow(WireError);
    expect(() => encodePose({ ...pose, left: hand })).toThrow('4 m');
  });
});
