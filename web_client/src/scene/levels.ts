/** Which file of an exhibit to draw: fine enough for where the eye is, and within what the device can draw. Pure. */
import type { Derivative } from '../world/world';

/** Beyond this no exhibit gains from more triangles; masters come with several hundred thousand. */
const PIXELS = 1;

export interface Wish {
  readonly artifact: string;
  /** Of geometry, coarsest first. */
  readonly files: readonly Derivative[];
  /** From the eye to the middle of its box, metres. */
  readonly distance: number;
  /** Radius of the sphere around it, metres. */
  readonly radius: number;
}

export function geometryOf(files: readonly Derivative[]): readonly Derivative[] {
  return files.filter((file) => file.usage === 'geometry' || file.mediaType.startsWith('model/'));
}

/**
 * The coarsest file whose error is below a pixel from there; the finest where none is. `pixels` is the height of
 * a metre at a metre's distance.
 */
export function fine(wish: Wish, pixels: number): number {
  const near = Math.max(wish.distance - wish.radius, 0.15);
  const index = wish.files.findIndex((file) => (file.error / 1000 / near) * pixels <= PIXELS);
  return index < 0 ? wish.files.length - 1 : index;
}

/**
 * An index into `files` for each wish so that no more than `triangles` are drawn together: every exhibit gets its
 * coarsest first, then the nearest are refined. Wishes without files are left out.
 */
export function chosen(wishes: readonly Wish[], pixels: number, triangles: number): Map<string, number> {
  const nearest = wishes.filter((wish) => wish.files.length > 0).sort((a, b) => a.distance - b.distance);
  const found = new Map<string, number>();
  let left = triangles;
  for (const wish of nearest) {
    found.set(wish.artifact, 0);
    left -= (wish.files[0] as Derivative).triangles;
  }
  for (const wish of nearest) {
    const base = (wish.files[0] as Derivative).triangles;
    for (let index = fine(wish, pixels); index > 0; index--) {
      const more = (wish.files[index] as Derivative).triangles - base;
      if (more > left) continue;
      found.set(wish.artifact, index);
      left -= more;
      break;
    }
  }
  return found;
}
