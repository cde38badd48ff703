/**
 * One gallery as it is drawn: floor, walls with doors, ceiling, tracks and lamps, plinths, cases, benches,
 * labels. Some ten draw calls; its light is baked while it is looked at already.
 */
import { Color, Float32BufferAttribute, Group, Mesh, Vector3, type BufferGeometry, type Material } from 'three';
import { bakeCorners, Lightmap, type Bakery, type Sheet } from './bake';
import { LabelCards } from './cards';
import { lampsOf, RoomLight } from './lamps';
import { PlannedRoom, WALL, type Door, type Placed, type Plan } from './plan';
import { Pieces, SEEN_FROM_ABOVE, UPRIGHT } from './shapes';
import { OAK_TILE, type Surfaces } from './surfaces';

const CREAM = new Color('#d3cec4');
const FOOT = new Color('#2b2926');
const SKIRTING = new Color('#e4e0d6');
const TRACK = new Color('#1b1b1b');
const BENCH = new Color('#8a6440');
const LEAF = new Color('#4a3626');
const LINEN = new Color('#8f8676');
const PLASTER_TILE = 1.6;
const CEILING_DENSITY = 4;
const WALL_DENSITY = 12;
const TOP_DENSITY = 72;
/** By which the board behind a hung artifact is larger. */
const BOARD_MARGIN = 0.03;

interface Wall {
  readonly name: Door['wall'];
  readonly length: number;
  /** Its middle on the floor. */
  readonly middle: Vector3;
  readonly along: Vector3;
  readonly inward: Vector3;
}

const UP = new Vector3(0, 1, 0);

function wallsOf({ width, depth }: PlannedRoom): Wall[] {
  const wall = (name: Door['wall'], length: number, middle: Vector3, along: Vector3): Wall => ({
    name,
    length,
    middle,
    along,
    inward: new Vector3().crossVectors(along, UP),
  });
  return [
    wall('front', width, new Vector3(0, 0, depth / 2), new Vector3(-1, 0, 0)),
    wall('back', width, new Vector3(0, 0, -depth / 2), new Vector3(1, 0, 0)),
    wall('left', depth, new Vector3(-width / 2, 0, 0), new Vector3(0, 0, -1)),
    wall('right', depth, new Vector3(width / 2, 0, 0), new Vector3(0, 0, 1)),
  ];
}

/** Where a door lies along its wall, in the wall's own direction. */
const along = (door: Door): number =>
  door.wall === 'front' || door.wall === 'left' ? -door.offset : door.offset;

export class Building {
  readonly group = new Group();
  readonly cards: LabelCards;
  private readonly owned: { dispose(): void }[] = [];
  private readonly lightmaps: Lightmap[] = [];
  private readonly corners: { readonly geometry: BufferGeometry; readonly tint: Float32Array }[] = [];
  private readonly pieces = new Pieces();

  constructor(
    readonly planned: PlannedRoom,
    private readonly plan: Plan,
    private readonly surfaces: Surfaces,
    private readonly bakery: Bakery,
  ) {
    this.group.name = planned.room.slug;
    this.group.matrixAutoUpdate = false;
    this.group.matrix.copy(planned.toSite);
    this.floor();
    this.ceiling();
    this.walls();
    this.tracks();
    this.supports();
    this.tops();
    for (const { position, size } of planned.room.benches ?? []) this.bench(position, size);
    this.paint();
    this.cards = new LabelCards(planned);
    this.group.add(this.cards.mesh);
    this.owned.push(this.cards);
    this.group.updateMatrixWorld(true);
    this.light();
  }

  dispose(): void {
    this.bakery.drop(this);
    this.group.removeFromParent();
    for (const each of this.owned) each.dispose();
  }

  private floor(): void {
    const { width, depth } = this.planned;
    const sheet: Sheet = {
      origin: new Vector3(-width / 2, 0, depth / 2),
      u: new Vector3(width, 0, 0),
      v: new Vector3(0, 0, -depth),
      normal: UP,
    };
    const lightmap = this.lightmap([sheet]);
    const pieces = new Pieces();
    pieces.sheet(sheet.origin, sheet.u, sheet.v, {
      uv: (s, t) => [(s * width) / OAK_TILE, (t * depth) / OAK_TILE],
      light: (s, t) => lightmap.place(0, s, t),
    });
    for (const wall of wallsOf(this.planned)) {
      for (const door of this.doorsIn(wall)) this.sillOf(wall, door, pieces, lightmap);
    }
    this.add(pieces, this.surfaces.floor(lightmap.texture), true);
  }

  /** Floor in a doorway, to the middle of the wall, lit like the floor before it. */
  private sillOf(wall: Wall, door: Door, pieces: Pieces, lightmap: Lightmap): void {
    const { width, depth } = this.planned;
    const start = wall.middle.clone().addScaledVector(wall.along, along(door) - door.width / 2);
    const [u, v] = [wall.along.clone().multiplyScalar(door.width), wall.inward.clone().multiplyScalar(-WALL / 2)];
    // Facing up takes along × outward or its reverse.
    const turned = new Vector3().crossVectors(u, v).y < 0;
    const origin = turned ? start.clone().add(u) : start;
    const first = turned ? u.clone().negate() : u;
    pieces.sheet(origin, first, v, {
      uv: (s, t) => {
        const point = origin.clone().addScaledVector(first, s).addScaledVector(v, t);
        return [(point.x + width / 2) / OAK_TILE, (depth / 2 - point.z) / OAK_TILE];
      },
      light: (s) => {
        const point = origin.clone().addScaledVector(first, s);
        return lightmap.place(0, point.x / width + 0.5, 0.5 - point.z / depth);
      },
    });
  }

  private ceiling(): void {
    const { width, depth, height } = this.planned;
    const sheet: Sheet = {
      origin: new Vector3(-width / 2, height, -depth / 2),
      u: new Vector3(width, 0, 0),
      v: new Vector3(0, 0, depth),
      normal: new Vector3(0, -1, 0),
    };
    const lightmap = this.lightmap([sheet], CEILING_DENSITY);
    const pieces = new Pieces();
    pieces.sheet(sheet.origin, sheet.u, sheet.v, {
      uv: (s, t) => [(s * width) / PLASTER_TILE, (t * depth) / PLASTER_TILE],
      light: (s, t) => lightmap.place(0, s, t),
    });
    this.add(pieces, this.surfaces.matt('#cfcac0', lightmap.texture), true);
  }

  private walls(): void {
    const walls = wallsOf(this.planned);
    const { height } = this.planned;
    const sheets = walls.map((wall) => ({
      origin: wall.middle.clone().addScaledVector(wall.along, -wall.length / 2),
      u: wall.along.clone().multiplyScalar(wall.length),
      v: new Vector3(0, height, 0),
      normal: wall.inward,
    }));
    const lightmap = this.lightmap(sheets, WALL_DENSITY);
    const pieces = new Pieces();
    for (const [index, wall] of walls.entries()) {
      for (const [from, to, low, high] of this.partsOf(wall)) {
        const origin = wall.middle.clone().addScaledVector(wall.along, from).setY(low);
        const [wide, tall] = [to - from, high - low];
        pieces.sheet(origin, wall.along.clone().multiplyScalar(wide), new Vector3(0, tall, 0), {
          uv: (s, t) => [(from + s * wide) / PLASTER_TILE, (low + t * tall) / PLASTER_TILE],
          light: (s, t) =>
            lightmap.place(index, (from + s * wide) / wall.length + 0.5, (low + t * tall) / height),
        });
        if (low < 0.01) this.skirting(wall, from, to);
      }
      for (const door of this.doorsIn(wall)) this.doorway(wall, door);
    }
    this.add(pieces, this.surfaces.matt(this.planned.wallColor, lightmap.texture), true);
  }

  /** The pieces that a wall is left in by its doors: from, to along it; low, high. */
  private partsOf(wall: Wall): [number, number, number, number][] {
    const { height } = this.planned;
    const parts: [number, number, number, number][] = [];
    let from = -wall.length / 2;
    for (const door of this.doorsIn(wall)) {
      const [left, right] = [along(door) - door.width / 2, along(door) + door.width / 2];
      if (left > from) parts.push([from, left, 0, height]);
      if (door.height < height) parts.push([left, right, door.height, height]);
      from = right;
    }
    if (from < wall.length / 2) parts.push([from, wall.length / 2, 0, height]);
    return parts;
  }

  private doorsIn(wall: Wall): Door[] {
    const doors = this.planned.room.doors.filter((door) => door.wall === wall.name);
    return doors.sort((a, b) => along(a) - along(b));
  }

  private skirting(wall: Wall, from: number, to: number): void {
    const middle = wall.middle.clone().addScaledVector(wall.along, (from + to) / 2);
    middle.addScaledVector(wall.inward, 0.006).setY(0.055);
    this.pieces.box(middle, new Vector3(to - from, 0.11, 0.013), turnOf(wall), SKIRTING, 0.7, SEEN_FROM_ABOVE);
  }

  /** Jambs and lintel of an opening, to the middle of the wall; a closed leaf where it leads outside. */
  private doorway(wall: Wall, door: Door): void {
    const at = wall.middle.clone().addScaledVector(wall.along, along(door));
    const out = wall.inward.clone().multiplyScalar(-WALL / 2);
    const paint = new Color(this.planned.wallColor);
    const [half, tall] = [wall.along.clone().multiplyScalar(door.width / 2), new Vector3(0, door.height, 0)];
    const left = at.clone().sub(half);
    const right = at.clone().add(half);
    const grid = { columns: 1, rows: 8, tint: paint };
    this.pieces.sheet(left, out.clone(), tall, grid);
    this.pieces.sheet(right.clone().add(out), out.clone().negate(), tall, grid);
    const lintel = left.clone().add(out).add(tall);
    this.pieces.sheet(lintel, half.clone().multiplyScalar(2), out.clone().negate(), { columns: 6, tint: paint });
    if (this.plan.leadsTo(this.planned, door) === null) this.leaf(wall, door, at.add(out));
  }

  private leaf(wall: Wall, door: Door, at: Vector3): void {
    const turn = turnOf(wall);
    for (const side of [-1, 1]) {
      const middle = at.clone().addScaledVector(wall.along, (side * door.width) / 4).setY(door.height / 2);
      const size = new Vector3(door.width / 2 - 0.012, door.height, 0.05);
      this.pieces.box(middle, size, turn, LEAF, 0.3, UPRIGHT);
      for (const [y, tall] of [[0.28, 0.42], [0.72, 0.4]] as const) {
        const panel = middle.clone().addScaledVector(wall.inward, 0.028).setY(door.height * y);
        const inset = new Vector3(door.width / 2 - 0.24, door.height * tall, 0.012);
        this.pieces.box(panel, inset, turn, LEAF.clone().multiplyScalar(1.35), 0.3, SEEN_FROM_ABOVE);
      }
      const knob = at.clone().addScaledVector(wall.along, side * 0.07).addScaledVector(wall.inward, 0.05);
      this.pieces.box(knob.setY(1.05), new Vector3(0.022, 0.3, 0.03), turn, new Color('#b09a66'));
    }
  }

  private tracks(): void {
    const { width, depth, height } = this.planned;
    for (const x of [-width * 0.28, width * 0.28]) {
      this.pieces.box(new Vector3(x, height - 0.05, 0), new Vector3(0.035, 0.03, depth - 1.2), 0, TRACK);
      for (let z = -depth / 2 + 1.2; z < depth / 2 - 1; z += 1.3) {
        this.pieces.box(new Vector3(x, height - 0.15, z), new Vector3(0.075, 0.16, 0.075), 0, TRACK);
      }
    }
  }

  /** Tops of plinths have a lightmap: on them lie the artifacts' own shadows. */
  private tops(): void {
    const standing = this.planned.room.placements.filter((placed) => placed.support !== 'wall');
    if (standing.length === 0) return;
    const sheets = standing.map((placed): Sheet => {
      const turn = PlannedRoom.facing(placed);
      const [width, top, depth] = placed.support_size;
      const [u, v] = [new Vector3(width, 0, 0), new Vector3(0, 0, -depth)];
      const origin = new Vector3(-width / 2, 0, depth / 2).applyAxisAngle(UP, turn);
      const [x, z] = middleOf(placed);
      origin.add(new Vector3(x, top, z));
      return { origin, u: u.applyAxisAngle(UP, turn), v: v.applyAxisAngle(UP, turn), normal: UP };
    });
    const lightmap = this.lightmap(sheets, TOP_DENSITY);
    const pieces = new Pieces();
    for (const [index, { origin, u, v }] of sheets.entries()) {
      pieces.sheet(origin, u, v, { light: (s, t) => lightmap.place(index, s, t) });
    }
    this.add(pieces, this.surfaces.matt(CREAM, lightmap.texture), true);
  }

  private supports(): void {
    const [glass, brass] = [new Pieces(), new Pieces()];
    for (const placed of this.planned.room.placements) {
      if (placed.support === 'wall') this.board(placed);
      else this.plinth(placed);
      if (placed.support === 'case') bonnet(placed, glass, brass);
    }
    if (!brass.isEmpty) this.add(brass, this.surfaces.brass, false);
    if (glass.isEmpty) return;
    // After everything else: what is in a case is seen through it.
    this.add(glass, this.surfaces.glass, false).renderOrder = 10;
  }

  private plinth(placed: Placed): void {
    const turn = PlannedRoom.facing(placed);
    const [x, z] = middleOf(placed);
    const [width, top, depth] = placed.support_size;
    const body = new Vector3(x, (top + 0.05) / 2, z);
    this.pieces.box(body, new Vector3(width, top - 0.05, depth), turn, CREAM, 0.14, UPRIGHT);
    const foot = new Vector3(x, 0.025, z);
    this.pieces.box(foot, new Vector3(width - 0.05, 0.05, depth - 0.05), turn, FOOT, Infinity, UPRIGHT);
  }

  /** What a hung artifact is laid on. */
  private board(placed: Placed): void {
    const turn = PlannedRoom.facing(placed);
    const [low, high] = placed.bounds.map((corner) => new Vector3(...corner)) as [Vector3, Vector3];
    const size = high.clone().sub(low);
    const back = new Vector3(0, 0, 1).applyAxisAngle(UP, turn);
    const wide = Math.max(size.x, size.z);
    const middle = low.clone().add(high).multiplyScalar(0.5);
    middle.addScaledVector(back, -Math.min(size.x, size.z) / 2 - 0.008);
    const board = new Vector3(wide + 2 * BOARD_MARGIN, size.y + 2 * BOARD_MARGIN, 0.012);
    this.pieces.box(middle, board, turn, LINEN, 0.2, SEEN_FROM_ABOVE);
  }

  private bench(position: readonly [number, number, number], size: readonly [number, number, number]): void {
    const [width, height, depth] = size;
    const seat = new Vector3(position[0], height - 0.03, position[2]);
    this.pieces.box(seat, new Vector3(width, 0.06, depth), 0, BENCH, 0.25);
    for (const side of [-1, 1]) {
      const lengthwise = width > depth;
      const leg = seat.clone().setY((height - 0.06) / 2);
      if (lengthwise) leg.x += side * (width / 2 - 0.25);
      else leg.z += side * (depth / 2 - 0.25);
      const foot = new Vector3(lengthwise ? 0.05 : width * 0.8, height - 0.06, lengthwise ? depth * 0.8 : 0.05);
      this.pieces.box(leg, foot, 0, FOOT, 0.3);
    }
  }

  private paint(): void {
    const { geometry, tint } = this.pieces.done();
    this.corners.push({ geometry, tint });
    // Dim until the light is baked.
    geometry.setAttribute('color', new Float32BufferAttribute(tint.map((value) => value * 0.2), 3));
    this.mesh(geometry, this.surfaces.painted);
  }

  private light(): void {
    const bounce = new Color(this.planned.wallColor);
    const solids = this.planned.solids();
    const light = new RoomLight(lampsOf(this.planned), solids, new Vector3(bounce.r, bounce.g, bounce.b));
    for (const { geometry, tint } of this.corners) this.bakery.add(this, bakeCorners(geometry, tint, light));
    for (const lightmap of this.lightmaps) this.bakery.add(this, lightmap.bake(light));
  }

  private lightmap(sheets: readonly Sheet[], density?: number): Lightmap {
    const lightmap = new Lightmap(sheets, density);
    this.lightmaps.push(lightmap);
    this.owned.push(lightmap.texture);
    return lightmap;
  }

  private add(pieces: Pieces, material: Material, isOwned: boolean): Mesh {
    if (isOwned) this.owned.push(material);
    return this.mesh(pieces.done().geometry, material);
  }

  private mesh(geometry: BufferGeometry, material: Material): Mesh {
    const mesh = new Mesh(geometry, material);
    this.owned.push(geometry);
    this.group.add(mesh);
    return mesh;
  }
}

const turnOf = (wall: Wall): number => Math.atan2(wall.inward.x, wall.inward.z);

function middleOf({ bounds: [low, high] }: Placed): [number, number] {
  return [(low[0] + high[0]) / 2, (low[2] + high[2]) / 2];
}

/** Four panes and a lid over thin brass edges. */
function bonnet(placed: Placed, glass: Pieces, brass: Pieces): void {
  const turn = PlannedRoom.facing(placed);
  const [x, z] = middleOf(placed);
  const [width, top, depth] = placed.support_size;
  const [low, high] = placed.bounds;
  const tall = Math.max(high[1] - low[1] + 0.16, 0.3);
  const [w, d] = [width - 0.03, depth - 0.03];
  const at = new Vector3(x, top, z);
  const turned = (px: number, py: number, pz: number): Vector3 =>
    new Vector3(px, py, pz).applyAxisAngle(UP, turn).add(at);
  glass.box(turned(0, tall / 2, 0), new Vector3(w, tall, d), turn, undefined, Infinity, SEEN_FROM_ABOVE);
  const rod = 0.006;
  for (const s of [-1, 1]) {
    for (const r of [-1, 1]) {
      brass.box(turned((s * w) / 2, tall / 2, (r * d) / 2), new Vector3(rod, tall, rod), turn, undefined, Infinity, UPRIGHT);
    }
    brass.box(turned(0, tall, (s * d) / 2), new Vector3(w, rod, rod), turn);
    brass.box(turned((s * w) / 2, tall, 0), new Vector3(rod, rod, d), turn);
  }
}
