/** The coordinate vectors that Python and C# pass too: the wire, three.js and WebXR share one space. */
import { readFileSync } from 'node:fs';
import { Quaternion, Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { placed, rotated, turned, undone } from '../src/world/space';
import type { Quaternion as Turn, Vector } from '../src/world/world';

interface Case {
  readonly p: Vector;
  readonly q: Turn;
  readonly v: Vector;
  readonly world: Vector;
}
const CASES = JSON.parse(
  readFileSync(new URL('../../tests/golden/coordinate_vectors.json', import.meta.url), 'utf8'),
) as Case[];

function near(got: readonly number[], expected: readonly number[]): void {
  expect(got.length).toBe(expected.length);
  got.forEach((value, axis) => expect(value).toBeCloseTo(expected[axis]!, 12));
}

describe.each(CASES.map((one, index) => [index, one] as const))('coordinate vector %i', (_, { p, q, v, world }) => {
  test('a point of an artifact lies where the other languages place it', () => near(placed(v, p, q), world));

  test('three.js places it there without any conversion', () => {
    near(new Vector3(...v).applyQuaternion(new Quaternion(...q)).add(new Vector3(...p)).toArray(), world);
  });

  test('a turn undone is no turn', () => {
    near(rotated(rotated(v, q), undone(q)), v);
    near(turned(undone(q), q).map(Math.abs), [0, 0, 0, 1]);
  });

  test('turns follow one another as in three.js', () => {
    const [first, second] = [new Quaternion(...q), new Quaternion(0, Math.SQRT1_2, 0, Math.SQRT1_2)];
    near(turned([0, Math.SQRT1_2, 0, Math.SQRT1_2], q), second.multiply(first).toArray());
  });
});
