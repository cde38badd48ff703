/**
 * Light baked into textures and corners, a little at a time: nothing here may hold a frame up. A task is a
 * generator that yields after each row; {@link Bakery} runs tasks for a few milliseconds a frame.
 */
import { DataTexture, DataUtils, HalfFloatType, LinearFilter, RGBAFormat, Vector3 } from 'three';
import type { BufferGeometry } from 'three';
import { Float32BufferAttribute } from 'three';
import type { RoomLight } from './lamps';

/** A rectangle to be lit: `origin` is the corner from which `u` and `v` (with their lengths) lead. */
export interface Sheet {
  readonly origin: Vector3;
  readonly u: Vector3;
  readonly v: Vector3;
  readonly normal: Vector3;
}

/** Texels per metre. */
const FLOOR_DENSITY = 16;

export type Task = Generator<void, void, void>;

/** A lightmap of sheets laid one above the other, each `width` texels wide; dim until it is baked. */
export class Lightmap {
  readonly texture: DataTexture;
  private readonly texels: Uint16Array;
  private readonly rows: readonly number[];
  private readonly width: number;

  constructor(
    private readonly sheets: readonly Sheet[],
    density = FLOOR_DENSITY,
  ) {
    this.width = Math.max(...sheets.map((sheet) => Math.ceil(sheet.u.length() * density)));
    this.rows = sheets.map((sheet) => Math.ceil(sheet.v.length() * density));
    const height = this.rows.reduce((sum, rows) => sum + rows, 0);
    const dim = DataUtils.toHalfFloat(0.12);
    this.texels = new Uint16Array(this.width * height * 4).fill(dim);
    this.texture = new DataTexture(this.texels, this.width, height, RGBAFormat, HalfFloatType);
    this.texture.magFilter = LinearFilter;
    this.texture.minFilter = LinearFilter;
    this.texture.channel = 1;
    this.texture.needsUpdate = true;
  }

  /** Where shares `u`, `v` (0 to 1) of a sheet lie in the texture; half a texel stays free at its edges. */
  place(sheet: number, u: number, v: number): [number, number] {
    const before = this.rows.slice(0, sheet).reduce((sum, rows) => sum + rows, 0);
    const rows = this.rows[sheet] as number;
    const height = this.rows.reduce((sum, each) => sum + each, 0);
    return [(0.5 + u * (this.width - 1)) / this.width, (before + 0.5 + v * (rows - 1)) / height];
  }

  *bake(light: RoomLight): Task {
    const [point, out] = [new Vector3(), new Vector3()];
    let row = 0;
    for (const [index, sheet] of this.sheets.entries()) {
      const rows = this.rows[index] as number;
      for (let y = 0; y < rows; y++, row++) {
        for (let x = 0; x < this.width; x++) {
          point.copy(sheet.origin).addScaledVector(sheet.u, x / (this.width - 1));
          point.addScaledVector(sheet.v, rows > 1 ? y / (rows - 1) : 0.5);
          light.at(point, sheet.normal, out);
          this.put((row * this.width + x) * 4, out);
        }
        yield;
      }
    }
    this.texture.needsUpdate = true;
  }

  private put(at: number, { x, y, z }: Vector3): void {
    this.texels[at] = DataUtils.toHalfFloat(x);
    this.texels[at + 1] = DataUtils.toHalfFloat(y);
    this.texels[at + 2] = DataUtils.toHalfFloat(z);
  }
}

/** Light into a geometry's corners: its `tint` (linear RGB a corner) times the light there, as `color`. */
export function* bakeCorners(geometry: BufferGeometry, tint: Float32Array, light: RoomLight): Task {
  const { position, normal } = geometry.attributes;
  if (!position || !normal) return;
  const colors = new Float32Array(position.count * 3);
  const [point, facing, out] = [new Vector3(), new Vector3(), new Vector3()];
  for (let k = 0; k < position.count; k++) {
    point.fromBufferAttribute(position, k);
    light.at(point, facing.fromBufferAttribute(normal, k), out);
    colors[k * 3] = out.x * (tint[k * 3] as number);
    colors[k * 3 + 1] = out.y * (tint[k * 3 + 1] as number);
    colors[k * 3 + 2] = out.z * (tint[k * 3 + 2] as number);
    if (k % 64 === 63) yield;
  }
  geometry.setAttribute('color', new Float32BufferAttribute(colors, 3));
}

/** Runs tasks one after the other, for at most `budget` milliseconds a call. */
export class Bakery {
  private tasks: { readonly owner: object; readonly task: Task }[] = [];

  add(owner: object, task: Task): void {
    this.tasks.push({ owner, task });
  }

  /** Forgets what was to be baked for `owner`. */
  drop(owner: object): void {
    this.tasks = this.tasks.filter((each) => each.owner !== owner);
  }

  get isIdle(): boolean {
    return this.tasks.length === 0;
  }

  /** True where a task came to its end. */
  run(budget: number, now: () => number): boolean {
    const until = now() + budget;
    const before = this.tasks.length;
    while (this.tasks.length > 0) {
      const [first] = this.tasks as [{ owner: object; task: Task }];
      if (first.task.next().done) this.tasks.shift();
      if (now() >= until) break;
    }
    return this.tasks.length < before;
  }
}
