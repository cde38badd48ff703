/**
 * Rooms as `/api/galleries` states them, and where one may walk in them. Metres, +Y up; a room's origin is the
 * middle of its floor, its front wall lies at +Z. Pure: no renderer, no network but {@link fetchRooms}.
 */
import { Matrix4, Quaternion, Vector3 } from 'three';

export type Triple = readonly [number, number, number];

export interface Door {
  readonly wall: 'front' | 'back' | 'left' | 'right';
  /** Along the wall from its middle: x in front and back, z left and right. */
  readonly offset: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly artifact: string;
  readonly position: Triple;
  readonly rotation: readonly [number, number, number, number];
  readonly support: 'plinth' | 'case' | 'wall';
  readonly support_size: Triple;
  readonly bounds: readonly [Triple, Triple];
}

export interface Bench {
  readonly position: Triple;
  readonly size: Triple;
}

export interface Room {
  readonly slug: string;
  /** Language (BCP 47) to name. */
  readonly name: Readonly<Record<string, string>>;
  readonly site: { readonly position: Triple; readonly rotation: readonly [number, number, number, number] };
  readonly size: Triple;
  readonly doors: readonly Door[];
  readonly viewpoint: { readonly position: Triple; readonly target: Triple };
  readonly placements: readonly Placed[];
  readonly wall_color?: string | null;
  readonly benches?: readonly Bench[];
}

/** Thickness of a wall; two rooms that join have one wall between them, and each draws half of it. */
export const WALL = 0.24;
/** How near a visitor's middle comes to walls and plinths. */
export const SHOULDER = 0.28;
/** Doors nearer than this are the two sides of one. */
const SAME_DOOR = WALL + 0.2;

const WALL_COLORS = ['#8f5f4a', '#4c5a66', '#5d6453', '#6b5a70', '#5a5148'];

/** What the server says of its rooms. Rejects where it cannot be read. */
export async function fetchRooms(signal: AbortSignal): Promise<readonly Room[]> {
  const answer = await fetch(new URL('api/galleries', document.baseURI), { signal });
  if (!answer.ok) throw new Error(`/api/galleries answered ${answer.status}`);
  const { galleries } = (await answer.json()) as { galleries: Room[] };
  return galleries;
}

/** A solid box that stands on the floor or hangs; turned about the vertical only. */
export interface Solid {
  readonly center: Vector3;
  readonly half: Vector3;
  /** Radians about +Y. */
  readonly turn: number;
  /** An ellipsoid within the box instead of the box: how artifacts throw shadows. */
  readonly round: boolean;
}

/** A room with what follows from it. */
export class PlannedRoom {
  readonly toSite: Matrix4;
  readonly toRoom: Matrix4;
  readonly turn: Quaternion;
  readonly wallColor: string;

  constructor(
    readonly room: Room,
    index: number,
  ) {
    this.turn = new Quaternion(...room.site.rotation);
    this.toSite = new Matrix4().compose(new Vector3(...room.site.position), this.turn, new Vector3(1, 1, 1));
    this.toRoom = this.toSite.clone().invert();
    this.wallColor = room.wall_color ?? (WALL_COLORS[index % WALL_COLORS.length] as string);
  }

  get width(): number {
    return this.room.size[0];
  }
  get height(): number {
    return this.room.size[1];
  }
  get depth(): number {
    return this.room.size[2];
  }

  /** Is a point of the museum within these walls? */
  holds(point: Vector3): boolean {
    const { x, z } = point.clone().applyMatrix4(this.toRoom);
    return Math.abs(x) <= this.width / 2 && Math.abs(z) <= this.depth / 2;
  }

  /** Middle of a door's sill, in the museum. */
  sill(door: Door): Vector3 {
    const [x, z] = [this.width / 2, this.depth / 2];
    const at = {
      front: [door.offset, z],
      back: [door.offset, -z],
      left: [-x, door.offset],
      right: [x, door.offset],
    }[door.wall] as [number, number];
    return new Vector3(at[0], 0, at[1]).applyMatrix4(this.toSite);
  }

  /** Radians about +Y by which an artifact's support is turned; +Z is its front. */
  static facing(placed: Placed): number {
    const front = new Vector3(0, 0, 1).applyQuaternion(new Quaternion(...placed.rotation));
    return Math.atan2(front.x, front.z);
  }

  /** Plinths, benches and what stands on them, in the room's frame. */
  solids(): Solid[] {
    const found: Solid[] = [];
    for (const placed of this.room.placements) {
      const [low, high] = placed.bounds;
      const [width, top, depth] = placed.support_size;
      const middle = new Vector3(...low).add(new Vector3(...high)).multiplyScalar(0.5);
      const half = new Vector3(...high).sub(new Vector3(...low)).multiplyScalar(0.5);
      if (placed.support === 'wall') continue;
      found.push({ center: middle, half, turn: 0, round: true });
      const turn = PlannedRoom.facing(placed);
      const center = new Vector3(middle.x, top / 2, middle.z);
      found.push({ center, half: new Vector3(width / 2, top / 2, depth / 2), turn, round: false });
    }
    for (const { position, size } of this.room.benches ?? []) {
      const center = new Vector3(position[0], size[1] - 0.03, position[2]);
      found.push({ center, half: new Vector3(size[0] / 2, 0.03, size[2] / 2), turn: 0, round: false });
    }
    return found;
  }
}

/** All rooms of a museum, and the ways between them. */
export class Plan {
  readonly rooms: readonly PlannedRoom[];
  private readonly passages: { room: PlannedRoom; door: Door; leadsTo: PlannedRoom | null }[] = [];
  private readonly blocks: { toLocal: Matrix4; half: Vector3 }[] = [];

  constructor(rooms: readonly Room[]) {
    this.rooms = rooms.map((room, index) => new PlannedRoom(room, index));
    for (const room of this.rooms) {
      for (const door of room.room.doors) {
        this.passages.push({ room, door, leadsTo: this.behind(room, door) });
      }
      for (const solid of room.solids().filter((each) => !each.round)) {
        const turn = new Quaternion().setFromAxisAngle(new Vector3(0, 1, 0), solid.turn);
        const local = new Matrix4().compose(solid.center, turn, new Vector3(1, 1, 1));
        this.blocks.push({ toLocal: local.premultiply(room.toSite).invert(), half: solid.half });
      }
    }
  }

  named(slug: string): PlannedRoom | undefined {
    return this.rooms.find((room) => room.room.slug === slug);
  }

  at(point: Vector3): PlannedRoom | undefined {
    return this.rooms.find((room) => room.holds(point));
  }

  /** The room behind a door; null where it leads out of the museum. */
  leadsTo(room: PlannedRoom, door: Door): PlannedRoom | null {
    return this.passages.find((each) => each.room === room && each.door === door)?.leadsTo ?? null;
  }

  /** Rooms one door away. */
  neighbors(room: PlannedRoom): PlannedRoom[] {
    const found = this.passages.filter((each) => each.room === room).map((each) => each.leadsTo);
    return found.filter((each): each is PlannedRoom => each !== null);
  }

  /** May a visitor stand with their middle at this point of the floor? */
  isFree(point: Vector3): boolean {
    return this.isInside(point) && !this.isBlocked(point);
  }

  /** Where a step from `from` to `to` ends: slides along what is in the way. */
  step(from: Vector3, to: Vector3): Vector3 {
    const slides = [to, new Vector3(to.x, to.y, from.z), new Vector3(from.x, to.y, to.z)];
    // Someone who stands where nobody can (a headset's real room) must be able to leave.
    if (!this.isFree(from)) return to.clone();
    return (slides.find((each) => this.isFree(each)) ?? from).clone();
  }

  private behind(room: PlannedRoom, door: Door): PlannedRoom | null {
    const sill = room.sill(door);
    const found = this.rooms.find(
      (other) =>
        other !== room && other.room.doors.some((theirs) => other.sill(theirs).distanceTo(sill) < SAME_DOOR),
    );
    return found ?? null;
  }

  private isInside(point: Vector3): boolean {
    const within = this.rooms.some((room) => {
      const { x, z } = point.clone().applyMatrix4(room.toRoom);
      return Math.abs(x) <= room.width / 2 - SHOULDER && Math.abs(z) <= room.depth / 2 - SHOULDER;
    });
    return within || this.passages.some((each) => each.leadsTo !== null && inDoorway(each.room, each.door, point));
  }

  private isBlocked(point: Vector3): boolean {
    return this.blocks.some(({ toLocal, half }) => {
      const { x, z } = point.clone().applyMatrix4(toLocal);
      return Math.abs(x) < half.x + SHOULDER && Math.abs(z) < half.z + SHOULDER;
    });
  }
}

function inDoorway(room: PlannedRoom, door: Door, point: Vector3): boolean {
  const { x, z } = point.clone().applyMatrix4(room.toRoom);
  const across = door.wall === 'front' || door.wall === 'back';
  const along = (across ? x : z) - door.offset;
  const beyond = across
    ? z * (door.wall === 'front' ? 1 : -1) - room.depth / 2
    : x * (door.wall === 'right' ? 1 : -1) - room.width / 2;
  return Math.abs(along) < door.width / 2 - 0.12 && Math.abs(beyond) < WALL + SHOULDER;
}
