/** Messages to bytes and back, by the generated layouts. The pose has bytes of its own: see `pose.ts`. */
import { Decoder } from '@msgpack/msgpack';
import { CHANGES, CHOICES, MESSAGES, PARTS } from './generated/layouts';
import type { Change, Message } from './generated/messages';
import type { Field, Layout } from './layout';
import { Writer } from './writer';

/** Bytes that are not what the protocol says; the text names message, field and what was expected. */
export class WireError extends Error {}

type Values = Record<string, unknown>;

const WHOLE: Readonly<Record<string, number>> = { u8: 0xff, u16: 0xffff, u32: 0xffffffff };
const FLOATS: Readonly<Record<string, number>> = { vec3: 3, quat: 4 };
const LONGEST = 2n ** 63n;
const reader = new Decoder({ useBigInt64: true });

/**
 * The message in `data`, or null where this version knows no such message. Byte strings in it are copies.
 * Throws a WireError.
 */
export function decode(data: Uint8Array): Message | null {
  let read: unknown;
  try {
    read = reader.decode(data);
  } catch (error) {
    throw new WireError(`not msgpack: ${String(error)}`);
  }
  if (!Array.isArray(read) || typeof read[0] !== 'number') throw new WireError('expected an array that begins with a number');
  const code: number = read[0];
  const layout = MESSAGES[code];
  return layout ? ({ code, ...struct(layout, read, 1) } as unknown as Message) : null;
}

/** The message's bytes. Throws a WireError where a field is not what the protocol says. */
export function encode(message: Message): Uint8Array {
  const writer = new Writer();
  const layout = MESSAGES[message.code];
  if (!layout) throw new WireError(`there is no message ${String(message.code)}`);
  write(writer, layout, message as unknown as Values, message.code);
  return writer.written;
}

function struct(layout: Layout, read: readonly unknown[], lead: number): Values {
  const values: Values = {};
  layout.fields.forEach((field, index) => {
    const place = index + lead;
    const where = `${layout.name}.${field.name}`;
    if (place < read.length) values[field.name] = entry(field, read[place], where);
    else if ('otherwise' in field) values[field.name] = entry(field, field.otherwise, where);
    else throw new WireError(`${where} is missing: the array has ${read.length} entries`);
  });
  return values;
}

function entry(field: Field, value: unknown, where: string): unknown {
  if (field.nil && value === null) return null;
  if (field.kind === 'changes') return array(value, where).flatMap(change);
  if (field.list) return array(value, where).map((one) => single(field, one, where));
  return single(field, value, where);
}

// Kinds that this version does not know are left out.
function change(value: unknown): Change[] {
  const read = array(value, 'a change');
  const layout = typeof read[0] === 'number' ? CHANGES[read[0]] : undefined;
  return layout ? [{ kind: read[0], ...struct(layout, read, 1) } as unknown as Change] : [];
}

function single(field: Field, value: unknown, where: string): unknown {
  switch (field.kind) {
    case 'bool':
      return expect(typeof value === 'boolean', value, where, 'true or false');
    case 'text':
      return expect(
        typeof value === 'string' && characters(value) <= (field.limit ?? Infinity),
        value,
        where,
        `a text of at most ${field.limit} characters`,
      );
    case 'bytes':
      return bytes(field, value, where);
    case 'f32':
      return expect(Number.isFinite(value), value, where, 'a number');
    case 'ratio':
      return expect(typeof value === 'number' && value >= 0 && value <= 1, value, where, 'a number from 0 to 1');
    case 'vec3':
    case 'quat':
      return floats(FLOATS[field.kind] ?? 0, value, where);
    case 'i64':
      return long(value, where);
    case 'choice':
      return choice(field, whole('u16', value, where));
    case 'struct':
      return struct(part(field), array(value, where), 0);
    default:
      return whole(field.kind, value, where);
  }
}

function characters(value: string): number {
  let surrogates = 0;
  for (let at = 0; at < value.length; at++) if ((value.charCodeAt(at) & 0xfc00) === 0xdc00) surrogates++;
  return value.length - surrogates;
}

function bytes(field: Field, value: unknown, where: string): Uint8Array {
  if (value === '') return new Uint8Array(); // the layouts' own way to write none
  const ok = value instanceof Uint8Array && value.length <= (field.limit ?? Infinity);
  // Copied: the library's arrays are views that would keep the whole message alive.
  return (expect(ok, value, where, `at most ${field.limit} bytes`) as Uint8Array).slice();
}

function floats(count: number, value: unknown, where: string): unknown {
  const ok = Array.isArray(value) && value.length === count && value.every(Number.isFinite);
  return expect(ok, value, where, `${count} numbers`);
}

function whole(kind: string, value: unknown, where: string): number {
  const most = WHOLE[kind] ?? 0;
  const ok = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
  return expect(ok, value, where, `a whole number from 0 to ${most}`) as number;
}

function long(value: unknown, where: string): number | bigint {
  const ok = typeof value === 'bigint' ? value >= -LONGEST && value < LONGEST : Number.isSafeInteger(value);
  expect(ok, value, where, 'a whole number of 64 bits');
  return Number.isSafeInteger(Number(value)) ? Number(value) : (value as bigint);
}

function choice(field: Field, number: number): number {
  return CHOICES[field.of ?? '']?.includes(number) ? number : 0;
}

function part(field: Field): Layout {
  const layout = PARTS[field.of ?? ''];
  if (!layout) throw new WireError(`there is no part ${field.of}`);
  return layout;
}

function array(value: unknown, where: string): readonly unknown[] {
  return expect(Array.isArray(value), value, where, 'an array') as readonly unknown[];
}

function expect(ok: boolean, value: unknown, where: string, what: string): unknown {
  if (ok) return value;
  const shown = typeof value === 'string' ? `a text of ${value.length}` : String(value).slice(0, 40);
  throw new WireError(`${where}: expected ${what}, got ${shown}`);
}

function write(writer: Writer, layout: Layout, values: Values, lead?: number): void {
  writer.array(layout.fields.length + (lead === undefined ? 0 : 1));
  if (lead !== undefined) writer.whole(lead);
  for (const field of layout.fields) {
    const value = values[field.name];
    const where = `${layout.name}.${field.name}`;
    if (field.nil && value === null) writer.nil();
    else if (field.kind === 'changes') writeChanges(writer, array(value, where) as readonly Change[]);
    else if (field.list) {
      const list = array(value, where);
      writer.array(list.length);
      for (const one of list) writeSingle(writer, field, one, where);
    } else writeSingle(writer, field, value, where);
  }
}

function writeChanges(writer: Writer, changes: readonly Change[]): void {
  writer.array(changes.length);
  for (const one of changes) {
    const layout = CHANGES[one.kind];
    if (!layout) throw new WireError(`there is no change ${String(one.kind)}`);
    write(writer, layout, one as unknown as Values, one.kind);
  }
}

function writeSingle(writer: Writer, field: Field, value: unknown, where: string): void {
  if (field.kind === 'struct') {
    write(writer, part(field), value as Values);
    return;
  }
  const checked = single(field, value, where);
  switch (field.kind) {
    case 'bool':
      writer.bool(checked as boolean);
      break;
    case 'text':
      writer.text(checked as string);
      break;
    case 'bytes':
      writer.binary(checked as Uint8Array);
      break;
    case 'f32':
    case 'ratio':
      writer.float(checked as number);
      break;
    case 'vec3':
    case 'quat':
      writer.array(FLOATS[field.kind] ?? 0);
      for (const one of checked as readonly number[]) writer.float(one);
      break;
    default:
      writer.whole(checked as number | bigint);
  }
}
