/** Where a visitor stands who looks at an artifact: the museum tells what may be perceived from there. */
import { placed, rotated, turned } from '../world/space';
import type { HeadPose } from '../world/visitor';
import type { Quaternion, Vector } from '../world/world';

/** Near enough to be told everything. */
const AWAY = 1.1;

interface Room {
  readonly slug: string;
  readonly site: { readonly position: Vector; readonly rotation: Quaternion };
  readonly placements: readonly {
    readonly artifact: string;
    readonly rotation: Quaternion;
    readonly bounds: readonly [Vector, Vector];
  }[];
}

export interface Stand {
  readonly gallery: string;
  readonly pose: HeadPose;
}

/** The rooms of the museum; see docs/api.md. */
export async function rooms(base: string): Promise<readonly Room[]> {
  const response = await fetch(new URL('api/galleries', base));
  if (!response.ok) throw new Error(`api/galleries: the museum answered ${response.status}`);
  return ((await response.json()) as { galleries: Room[] }).galleries;
}

/** In front of `artifact`, at the height of its middle, looking at it; null where it stands in no gallery. */
export function before(artifact: string, galleries: readonly Room[]): Stand | null {
  for (const room of galleries) {
    const found = room.placements.find((one) => one.artifact === artifact);
    if (!found) continue;
    const [low, high] = found.bounds;
    const middle: Vector = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
    const depth = Math.max(high[0] - low[0], high[2] - low[2]) / 2;
    const front = rotated([0, 0, AWAY + depth], found.rotation);
    const eye: Vector = [middle[0] + front[0], middle[1], middle[2] + front[2]];
    const { position, rotation } = room.site;
    return {
      gallery: room.slug,
      // The artifact's front looks along its +Z, the head along its own -Z: both have the same turn.
      pose: { position: placed(eye, position, rotation), orientation: turned(rotation, found.rotation) },
    };
  }
  return null;
}
