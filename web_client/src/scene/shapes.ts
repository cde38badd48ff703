/** Flat pieces of a building gathered into few geometries: one draw call a material, not one a plinth. */
import { BufferGeometry, Color, Float32BufferAttribute, Vector3 } from 'three';

/** Collects rectangles and boxes; {@link done} makes one geometry of them. */
export class Pieces {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly uvs: number[] = [];
  private readonly lightUvs: number[] = [];
  private readonly tints: number[] = [];
  private readonly indices: number[] = [];

  /**
   * A rectangle from `origin` along `u` and `v`, in `columns` × `rows` parts; it faces `u` × `v`. `uv` gives a
   * corner's place in the texture, `light` in the lightmap, both of its shares along `u` and `v`.
   */
  sheet(
    origin: Vector3,
    u: Vector3,
    v: Vector3,
    options: {
      readonly columns?: number;
      readonly rows?: number;
      readonly tint?: Color;
      readonly uv?: (s: number, t: number) => readonly [number, number];
      readonly light?: (s: number, t: number) => readonly [number, number];
    } = {},
  ): void {
    const { columns = 1, rows = 1, tint = WHITE, uv = same, light = same } = options;
    const normal = new Vector3().crossVectors(u, v).normalize();
    const start = this.positions.length / 3;
    for (let row = 0; row <= rows; row++) {
      for (let column = 0; column <= columns; column++) {
        const [s, t] = [column / columns, row / rows];
        const point = origin.clone().addScaledVector(u, s).addScaledVector(v, t);
        this.positions.push(point.x, point.y, point.z);
        this.normals.push(normal.x, normal.y, normal.z);
        this.uvs.push(...uv(s, t));
        this.lightUvs.push(...light(s, t));
        this.tints.push(tint.r, tint.g, tint.b);
        if (row === rows || column === columns) continue;
        const at = start + row * (columns + 1) + column;
        this.indices.push(at, at + 1, at + columns + 2, at, at + columns + 2, at + columns + 1);
      }
    }
  }

  /** A box around `center`, turned about +Y; parts of `grain` metres or less, so that light in corners suffices. */
  box(center: Vector3, size: Vector3, turn = 0, tint = WHITE, grain = Infinity, sides: readonly Side[] = SIDES): void {
    const up = new Vector3(0, 1, 0);
    for (const [right, top] of sides) {
      const u = right.clone().multiply(size);
      const v = top.clone().multiply(size);
      const out = new Vector3().crossVectors(right, top).multiply(size).multiplyScalar(0.5);
      const corner = out.addScaledVector(u, -0.5).addScaledVector(v, -0.5).applyAxisAngle(up, turn).add(center);
      const [columns, rows] = [u, v].map((each) => Math.max(1, Math.ceil(each.length() / grain)));
      this.sheet(corner, u.applyAxisAngle(up, turn), v.applyAxisAngle(up, turn), {
        columns: columns as number,
        rows: rows as number,
        tint,
      });
    }
  }

  get isEmpty(): boolean {
    return this.positions.length === 0;
  }

  /** The geometry, and the tint of its corners. */
  done(): { geometry: BufferGeometry; tint: Float32Array } {
    const geometry = new BufferGeometry();
    const add = (name: string, values: number[], size: number): void => {
      geometry.setAttribute(name, new Float32BufferAttribute(values, size));
    };
    add('position', this.positions, 3);
    add('normal', this.normals, 3);
    add('uv', this.uvs, 2);
    add('uv1', this.lightUvs, 2);
    geometry.setIndex(this.indices);
    return { geometry, tint: new Float32Array(this.tints) };
  }
}

const WHITE = new Color(1, 1, 1);

const same = (s: number, t: number): readonly [number, number] => [s, t];

/** Right and up of a side that faces right × up. */
type Side = readonly [right: Vector3, up: Vector3];

const side = (r: [number, number, number], u: [number, number, number]): Side => [new Vector3(...r), new Vector3(...u)];
const FRONT = side([1, 0, 0], [0, 1, 0]);
const BACK = side([-1, 0, 0], [0, 1, 0]);
const RIGHT = side([0, 0, -1], [0, 1, 0]);
const LEFT = side([0, 0, 1], [0, 1, 0]);
const TOP = side([1, 0, 0], [0, 0, -1]);
const BOTTOM = side([1, 0, 0], [0, 0, 1]);
export const SIDES: readonly Side[] = [FRONT, BACK, RIGHT, LEFT, TOP, BOTTOM];
export const UPRIGHT: readonly Side[] = [FRONT, BACK, RIGHT, LEFT];
export const SEEN_FROM_ABOVE: readonly Side[] = [FRONT, BACK, RIGHT, LEFT, TOP];
