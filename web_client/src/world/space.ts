/** Turning and placing points: right-handed, +Y up, quaternions x, y, z, w. */
import type { Quaternion, Vector } from './world';

/** `vector` turned by `turn`. */
export function rotated(vector: Vector, turn: Quaternion): Vector {
  const [x, y, z] = vector;
  const [a, b, c, w] = turn;
  // t = 2 q × v; v + w t + q × t
  const [s, t, u] = [2 * (b * z - c * y), 2 * (c * x - a * z), 2 * (a * y - b * x)];
  return [x + w * s + b * u - c * t, y + w * t + c * s - a * u, z + w * u + a * t - b * s];
}

/** The turn that does `second` after `first`. */
export function turned(second: Quaternion, first: Quaternion): Quaternion {
  const [a, b, c, d] = second;
  const [x, y, z, w] = first;
  return [
    d * x + a * w + b * z - c * y,
    d * y - a * z + b * w + c * x,
    d * z + a * y - b * x + c * w,
    d * w - a * x - b * y - c * z,
  ];
}

/** The turn that undoes `turn`. */
export function undone([x, y, z, w]: Quaternion): Quaternion {
  return [-x, -y, -z, w];
}

/** Where a point of a thing's own frame lies, the thing standing at `position`, turned by `orientation`. */
export function placed(point: Vector, position: Vector, orientation: Quaternion): Vector {
  const [x, y, z] = rotated(point, orientation);
  return [position[0] + x, position[1] + y, position[2] + z];
}
