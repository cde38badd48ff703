/** The pose's bytes, as `docs/protocol.md` lays them out. */
import type { HandPose } from '../world/visitor';
import { WireError } from './codec';
import { POSE } from './generated/layouts';
import type { Quaternion, Vector } from './generated/messages';

export const PoseFlag = {
  POSITION_VALID: 1,
  POSITION_TRACKED: 2,
  ORIENTATION_VALID: 4,
  ORIENTATION_TRACKED: 8,
  LEFT_HAND: 16,
  RIGHT_HAND: 32,
  GAZE: 64,
} as const;
/** Position and orientation are known and tracked. */
export const TRACKED = 15;
/** Metres from the origin that a position may have along each axis. */
export const REACH = 512;

export interface WirePose {
  /** 0-65535, growing by one, wrapping. */
  readonly number: number;
  /** Server time, ns. */
  readonly time: number;
  readonly position: Vector;
  readonly orientation: Quaternion;
  /** The four validity bits. */
  readonly flags: number;
  readonly left: HandPose | null;
  readonly right: HandPose | null;
  readonly gaze: Vector | null;
}

const HEAD_BYTES = 24;
const HAND_BYTES = 12;
const GAZE_BYTES = 4;
const STEP = 2 ** -14;
const HAND_STEP = 2 ** -13;
const TURN = 16383 * Math.SQRT2;
const OCTANT = 32767;
const WRAP = 2 ** 32;

/** The pose's bytes. Throws a WireError for a position out of reach, a hand over 4 m away, or no number. */
export function encodePose(pose: WirePose): Uint8Array {
  const hands = [pose.left, pose.right].filter((hand) => hand !== null);
  const view = new DataView(new ArrayBuffer(HEAD_BYTES + HAND_BYTES * hands.length + (pose.gaze ? GAZE_BYTES : 0)));
  view.setUint8(0, POSE);
  view.setUint8(1, flagsOf(pose));
  view.setUint16(2, pose.number, true);
  view.setUint32(4, Math.floor(pose.time / 1000) % WRAP, true);
  pose.position.forEach((value, axis) => {
    const step = within(value / STEP, 2 ** 23, `pose ${pose.number}: position ${value} m is not within ±${REACH} m`);
    view.setUint16(8 + 2 * axis, step & 0xffff, true);
    view.setInt8(14 + axis, step >> 16);
  });
  view.setUint8(17, 0);
  writeTurn(view, 18, pose.orientation, false);
  hands.forEach((hand, index) => writeHand(view, HEAD_BYTES + HAND_BYTES * index, hand, pose));
  if (pose.gaze) writeDirection(view, view.byteLength - GAZE_BYTES, pose.gaze);
  return new Uint8Array(view.buffer);
}

/** The pose in `data`, received at server time `now` (ns). Throws a WireError. */
export function decodePose(data: Uint8Array, now: number): WirePose {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const flags = data.length >= HEAD_BYTES ? view.getUint8(1) : 0;
  const hands = Number(has(flags, PoseFlag.LEFT_HAND)) + Number(has(flags, PoseFlag.RIGHT_HAND));
  const expected = HEAD_BYTES + HAND_BYTES * hands + (has(flags, PoseFlag.GAZE) ? GAZE_BYTES : 0);
  if (data.length !== expected) throw new WireError(`a pose with flags ${flags} has ${expected} bytes, got ${data.length}`);
  if (view.getUint8(0) !== POSE || view.getUint8(17) !== 0) throw new WireError(`expected message ${POSE} in space 0`);
  const position: Vector = [axisOf(view, 0), axisOf(view, 1), axisOf(view, 2)];
  const left = has(flags, PoseFlag.LEFT_HAND) ? readHand(view, HEAD_BYTES, position) : null;
  return {
    number: view.getUint16(2, true),
    time: unwrapped(view.getUint32(4, true), now),
    position,
    orientation: readTurn(view, 18),
    flags: flags & TRACKED,
    left,
    right: has(flags, PoseFlag.RIGHT_HAND) ? readHand(view, HEAD_BYTES + (left ? HAND_BYTES : 0), position) : null,
    gaze: has(flags, PoseFlag.GAZE) ? readDirection(view, expected - GAZE_BYTES) : null,
  };
}

function flagsOf(pose: WirePose): number {
  const { LEFT_HAND, RIGHT_HAND, GAZE } = PoseFlag;
  return (pose.flags & TRACKED) | (pose.left ? LEFT_HAND : 0) | (pose.right ? RIGHT_HAND : 0) | (pose.gaze ? GAZE : 0);
}

function has(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

function axisOf(view: DataView, axis: number): number {
  return ((view.getInt8(14 + axis) << 16) | view.getUint16(8 + 2 * axis, true)) * STEP;
}

// Server time (ns) nearest to now whose microseconds end in these 32 bits.
function unwrapped(micros: number, now: number): number {
  const here = Math.floor(now / 1000);
  const ahead = ((((micros - here + WRAP / 2) % WRAP) + WRAP) % WRAP) - WRAP / 2;
  return (here + ahead) * 1000;
}

function writeHand(view: DataView, at: number, hand: HandPose, pose: WirePose): void {
  hand.position.forEach((value, axis) => {
    const away = value - (pose.position[axis] ?? 0);
    const wrong = `pose ${pose.number}: a hand ${away} m from the head; at most 4 m`;
    view.setInt16(at + 2 * axis, within(away / HAND_STEP, 2 ** 15, wrong), true);
  });
  writeTurn(view, at + 6, hand.orientation, hand.tracked);
}

function readHand(view: DataView, at: number, head: Vector): HandPose {
  const axis = (index: 0 | 1 | 2) => head[index] + view.getInt16(at + 2 * index, true) * HAND_STEP;
  return {
    position: [axis(0), axis(1), axis(2)],
    orientation: readTurn(view, at + 6),
    tracked: (view.getUint16(at + 10, true) & 0x8000) !== 0,
  };
}

// Smallest three: the largest component is left out and made positive.
function writeTurn(view: DataView, at: number, turn: Quaternion, mark: boolean): void {
  const length = Math.hypot(...turn);
  let largest = 0;
  turn.forEach((value, index) => {
    if (Math.abs(value) > Math.abs(turn[largest] ?? 0)) largest = index;
  });
  const scale = TURN / ((turn[largest] ?? 0) < 0 ? -length : length);
  if (!Number.isFinite(scale)) throw new WireError('an orientation must be finite and not zero');
  const tops = [largest & 1, largest >> 1, mark ? 1 : 0];
  turn
    .filter((_, index) => index !== largest)
    .forEach((value, place) => {
      view.setUint16(at + 2 * place, (even(value * scale) + 16383) | ((tops[place] ?? 0) << 15), true);
    });
}

function readTurn(view: DataView, at: number): Quaternion {
  const words = [0, 2, 4].map((offset) => view.getUint16(at + offset, true));
  const [a = 0, b = 0] = words;
  const small = words.map((word) => ((word & 0x7fff) - 16383) / TURN);
  const rest = 1 - small.reduce((sum, value) => sum + value * value, 0);
  if (rest <= 0) throw new WireError('orientation: three components alone are longer than 1');
  small.splice((a >> 15) | ((b >> 15) << 1), 0, Math.sqrt(rest));
  return small as unknown as Quaternion;
}

// Octahedral: Cigolle et al., JCGT 3(2), 2014.
function writeDirection(view: DataView, at: number, direction: Vector): void {
  const size = Math.abs(direction[0]) + Math.abs(direction[1]) + Math.abs(direction[2]);
  let [u, v] = [direction[0] / size, direction[1] / size];
  if (direction[2] < 0) [u, v] = [(1 - Math.abs(v)) * sign(u), (1 - Math.abs(u)) * sign(v)];
  if (!Number.isFinite(u + v)) throw new WireError('a gaze must be finite and not zero');
  view.setUint16(at, even(u * OCTANT) + OCTANT, true);
  view.setUint16(at + 2, even(v * OCTANT) + OCTANT, true);
}

function readDirection(view: DataView, at: number): Vector {
  let u = (view.getUint16(at, true) - OCTANT) / OCTANT;
  let v = (view.getUint16(at + 2, true) - OCTANT) / OCTANT;
  const z = 1 - Math.abs(u) - Math.abs(v);
  if (z < 0) [u, v] = [(1 - Math.abs(v)) * sign(u), (1 - Math.abs(u)) * sign(v)];
  const length = Math.hypot(u, v, z);
  return [u / length, v / length, z / length];
}

function sign(value: number): number {
  return value < 0 ? -1 : 1;
}

function within(value: number, most: number, otherwise: string): number {
  const step = even(value);
  if (!(step >= -most && step < most)) throw new WireError(otherwise);
  return step;
}

// Halves to the even neighbor, as the server rounds.
function even(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
