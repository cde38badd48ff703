/**
 * The light of a room, computed once: spots on tracks, aimed at what is shown, with soft shadows, and daylight
 * that has lost its way. What it gives is irradiance times a white surface's albedo, so 1 is a well lit white.
 */
import { Vector3 } from 'three';
import { PlannedRoom, type Solid } from './plan';

export interface Lamp {
  readonly position: Vector3;
  /** Where it is aimed. */
  readonly aim: Vector3;
  /** Linear RGB at the point aimed at, facing the lamp. */
  readonly color: Vector3;
  /** Cosines of half the beam: full light within the first, none beyond the second. */
  readonly inner: number;
  readonly outer: number;
}

/** Half the width of a lamp; its shadows are soft by it. */
const LAMP_RADIUS = 0.11;
const WARM = new Vector3(1.0, 0.91, 0.8);
const NEUTRAL = new Vector3(1.0, 0.95, 0.88);
/** Metres within which a solid takes from the light that comes from everywhere. */
const OPEN = 1.4;
/** Light from everywhere, upper and lower half. */
const SKY = new Vector3(0.36, 0.35, 0.335);
const GROUND = new Vector3(0.26, 0.215, 0.165);

const DISC = Array.from({ length: 8 }, (_, k) => {
  // Vogel's spiral: even cover of a disc.
  const radius = Math.sqrt((k + 0.5) / 8);
  const angle = k * 2.399963;
  return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
});
/** Directions over a hemisphere about +Z, weighed by the cosine. */
const HEMISPHERE = Array.from({ length: 14 }, (_, k) => {
  const radius = Math.sqrt((k + 0.5) / 14);
  const angle = k * 2.399963;
  return new Vector3(radius * Math.cos(angle), radius * Math.sin(angle), Math.sqrt(1 - radius * radius));
});

/** Spots for every exhibit and washers along the walls, in the room's frame. */
export function lampsOf(planned: PlannedRoom): Lamp[] {
  const lamps: Lamp[] = [];
  const up = planned.height - 0.25;
  for (const placed of planned.room.placements) {
    const [low, high] = placed.bounds.map((corner) => new Vector3(...corner)) as [Vector3, Vector3];
    const aim = low.clone().add(high).multiplyScalar(0.5);
    const radius = high.distanceTo(low) / 2;
    const turn = PlannedRoom.facing(placed);
    const hangs = placed.support === 'wall';
    const spots: readonly (readonly [number, number, number])[] = hangs
      ? radius > 1
        ? [[-0.9, 1.9, 1.25], [0.9, 1.9, 1.25]]
        : [[0.3, 1.5, 1.7]]
      : [[0.7, 1.15, 1.9], [-1.0, -0.35, 0.8]];
    for (const [side, away, light] of spots) {
      const offset = new Vector3(side, 0, away).applyAxisAngle(new Vector3(0, 1, 0), turn);
      const position = new Vector3(aim.x + offset.x, up, aim.z + offset.z);
      const reach = position.distanceTo(aim);
      const half = Math.min(Math.atan2(Math.max(radius * 0.85, 0.34), reach), 0.6);
      lamps.push(lamp(position, aim, NEUTRAL, light, half, half + 0.2));
    }
  }
  return [...lamps, ...washers(planned, up)];
}

function washers({ width, depth, height }: PlannedRoom, up: number): Lamp[] {
  const lamps: Lamp[] = [];
  const rows: readonly (readonly [number, Vector3, Vector3])[] = [
    [width, new Vector3(1, 0, 0), new Vector3(0, 0, -depth / 2)],
    [width, new Vector3(1, 0, 0), new Vector3(0, 0, depth / 2)],
    [depth, new Vector3(0, 0, 1), new Vector3(-width / 2, 0, 0)],
    [depth, new Vector3(0, 0, 1), new Vector3(width / 2, 0, 0)],
  ];
  for (const [length, along, wall] of rows) {
    const count = Math.max(1, Math.round(length / 2.6));
    for (let k = 0; k < count; k++) {
      const at = along.clone().multiplyScalar((k + 0.5) * (length / count) - length / 2).add(wall);
      const inward = wall.clone().setLength(-1.1);
      const position = at.clone().add(inward).setY(up);
      lamps.push(lamp(position, at.clone().setY(height * 0.56), WARM, 1.05, 0.3, 0.8));
    }
  }
  return lamps;
}

function lamp(position: Vector3, aim: Vector3, tint: Vector3, light: number, half: number, edge: number): Lamp {
  return { position, aim, color: tint.clone().multiplyScalar(light), inner: Math.cos(half), outer: Math.cos(edge) };
}

interface Turned {
  readonly solid: Solid;
  readonly cos: number;
  readonly sin: number;
  readonly radius: number;
}

/** Light at points of one room. Reused for all its points: it keeps vectors of its own. */
export class RoomLight {
  private readonly solids: readonly Turned[];
  private readonly to = new Vector3();
  private readonly from = new Vector3();
  private readonly ray = new Vector3();

  constructor(
    private readonly lamps: readonly Lamp[],
    solids: readonly Solid[],
    private readonly bounce: Vector3,
  ) {
    this.solids = solids.map((solid) => ({
      solid,
      cos: Math.cos(solid.turn),
      sin: Math.sin(solid.turn),
      radius: solid.half.length(),
    }));
  }

  /** Irradiance over π at `point` with unit `normal`, into `out`. */
  at(point: Vector3, normal: Vector3, out: Vector3): Vector3 {
    this.from.copy(normal).multiplyScalar(0.004).add(point);
    const open = this.openness(normal);
    const share = (normal.y + 1) / 2;
    out.copy(GROUND).lerp(SKY, share).addScaledVector(this.bounce, 0.22 - 0.1 * share).multiplyScalar(open);
    for (const each of this.lamps) {
      const light = this.direct(each, normal);
      if (light > 0.003) out.addScaledVector(each.color, light * this.seen(each));
    }
    return out;
  }

  private direct(each: Lamp, normal: Vector3): number {
    this.to.subVectors(each.position, this.from);
    const distance = this.to.length();
    const facing = this.to.dot(normal) / distance;
    if (facing <= 0) return 0;
    this.ray.subVectors(each.position, each.aim);
    const reach = this.ray.length();
    const beam = this.to.dot(this.ray) / (distance * reach);
    if (beam <= each.outer) return 0;
    const share = Math.min((beam - each.outer) / (each.inner - each.outer), 1);
    return facing * share * share * (3 - 2 * share) * Math.min((reach * reach) / (distance * distance), 3);
  }

  private seen(each: Lamp): number {
    this.ray.subVectors(each.position, this.from);
    const between = this.between(LAMP_RADIUS);
    if (between.length === 0) return 1;
    let seen = 0;
    for (const [a, b] of DISC) {
      this.ray.subVectors(each.position, this.from);
      this.ray.x += a * LAMP_RADIUS;
      this.ray.z += b * LAMP_RADIUS;
      if (!this.meets(1, between)) seen++;
    }
    return seen / DISC.length;
  }

  /** Share of the hemisphere that near solids leave open. */
  private openness(normal: Vector3): number {
    const near = this.solids.filter(
      ({ solid, radius }) => solid.center.distanceToSquared(this.from) < (radius + OPEN) ** 2,
    );
    if (near.length === 0) return 1;
    const side = Math.abs(normal.y) < 0.9 ? new Vector3(0, 1, 0) : new Vector3(1, 0, 0);
    const right = side.cross(normal).normalize();
    const up = new Vector3().crossVectors(normal, right);
    let open = 0;
    for (const each of HEMISPHERE) {
      this.ray.copy(normal).multiplyScalar(each.z).addScaledVector(right, each.x).addScaledVector(up, each.y);
      if (!this.meets(OPEN, near)) open++;
    }
    return open / HEMISPHERE.length;
  }

  /** Solids whose sphere comes within `margin` of the segment along `ray`. */
  private between(margin: number): readonly Turned[] {
    const length = this.ray.lengthSq();
    return this.solids.filter(({ solid, radius }) => {
      this.to.subVectors(solid.center, this.from);
      const share = Math.min(Math.max(this.to.dot(this.ray) / length, 0), 1);
      return this.to.addScaledVector(this.ray, -share).lengthSq() < (radius + margin) ** 2;
    });
  }

  /** Does the segment from `from` along `ray` times `length` meet one of the solids? */
  private meets(length: number, solids: readonly Turned[]): boolean {
    for (const { solid, cos, sin } of solids) {
      const { center, half } = solid;
      const [px, py, pz] = [this.from.x - center.x, this.from.y - center.y, this.from.z - center.z];
      const ox = (px * cos - pz * sin) / half.x;
      const oz = (px * sin + pz * cos) / half.z;
      const dx = ((this.ray.x * cos - this.ray.z * sin) * length) / half.x;
      const dz = ((this.ray.x * sin + this.ray.z * cos) * length) / half.z;
      const oy = py / half.y;
      const dy = (this.ray.y * length) / half.y;
      if (solid.round ? meetsBall(ox, oy, oz, dx, dy, dz) : meetsCube(ox, oy, oz, dx, dy, dz)) return true;
    }
    return false;
  }
}

function meetsBall(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): boolean {
  const a = dx * dx + dy * dy + dz * dz;
  const b = ox * dx + oy * dy + oz * dz;
  const c = ox * ox + oy * oy + oz * oz - 1;
  const root = b * b - a * c;
  if (root <= 0) return false;
  const near = (-b - Math.sqrt(root)) / a;
  return near > 0 && near < 1;
}

function meetsCube(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): boolean {
  let enter = 0;
  let leave = 1;
  for (const [o, d] of [[ox, dx], [oy, dy], [oz, dz]] as const) {
    if (Math.abs(d) < 1e-9) {
      if (Math.abs(o) > 1) return false;
      continue;
    }
    const [a, b] = [(-1 - o) / d, (1 - o) / d];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
    if (enter > leave) return false;
  }
  return true;
}
