/**
 * Exhibits as they are drawn: loaded nearest first, two at a time, a coarse level before a fine one, and freed
 * when they have been out of sight for a while.
 */
import {
  Box3,
  BoxGeometry,
  EdgesGeometry,
  Group,
  LineBasicMaterial,
  LineSegments,
  MeshStandardMaterial,
  Quaternion,
  Vector3,
  type Object3D,
  type Texture,
  type WebGLRenderer,
} from 'three';
import { materialsOf, release, texturesOf } from '../gltf/parts';
import { GltfReader } from '../gltf/reader';
import type { Derivative, Exhibit } from '../world/world';
import { chosen, geometryOf, type Wish } from './levels';

/** Requests under way together. */
const AT_ONCE = 2;
/** Milliseconds that what the server took away stays, in case the head turns back. */
const LINGER = 20_000;
/** Tries to load a file before it is left alone until the connection is back. */
const TRIES = 4;

interface Drawn {
  exhibit: Exhibit;
  readonly group: Group;
  readonly ghost: LineSegments;
  /** What is seen now. */
  model: Object3D | null;
  url: string;
  wanted: string;
  loading: boolean;
  failures: number;
  retryAt: number;
  /** When the server took it away; null while it is there. */
  leftAt: number | null;
}

/** How far loading has come: exhibits with something to show, of all that have files. */
export interface Progress {
  readonly shown: number;
  readonly all: number;
  /** Those that the server took away and that are not freed yet. */
  readonly lingering: number;
}

export class Models {
  readonly group = new Group();
  private readonly drawn = new Map<string, Drawn>();
  private readonly reader: GltfReader;
  private readonly box = new BoxGeometry(1, 1, 1);
  private readonly edges = new EdgesGeometry(this.box);
  private readonly faint = new LineBasicMaterial({ color: '#d8c79c', transparent: true, opacity: 0.35 });
  private busy = 0;
  private isOver = false;

  private readonly anisotropy: number;

  constructor(
    renderer: WebGLRenderer,
    private readonly studio: Texture,
    private readonly onChange: () => void,
  ) {
    this.reader = new GltfReader(renderer);
    this.anisotropy = renderer.capabilities.getMaxAnisotropy() / 2;
  }

  show(exhibit: Exhibit): void {
    const known = this.drawn.get(exhibit.artifact);
    if (known) {
      known.exhibit = exhibit;
      known.leftAt = null;
      known.failures = 0;
      place(known.group, exhibit);
      return;
    }
    const group = new Group();
    group.name = exhibit.artifact;
    const ghost = new LineSegments(this.edges, this.faint);
    ghost.scale.set(...exhibit.bounds).multiplyScalar(2);
    ghost.position.set(...exhibit.center);
    group.add(ghost);
    place(group, exhibit);
    this.group.add(group);
    this.drawn.set(exhibit.artifact, {
      exhibit, group, ghost, model: null, url: '', wanted: '', loading: false, failures: 0, retryAt: 0, leftAt: null,
    });
  }

  /** The server took it away; it lingers for a while. */
  leave(artifact: string, now: number): void {
    const known = this.drawn.get(artifact);
    if (known) known.leftAt = now;
  }

  /** Frees all that lingers. */
  sweep(now: number, linger = LINGER): void {
    for (const [artifact, each] of this.drawn) {
      if (each.leftAt === null || now - each.leftAt < linger) continue;
      this.drawn.delete(artifact);
      each.group.removeFromParent();
      if (each.model) release(each.model);
    }
  }

  /** Chooses levels for an eye and loads what is nearest. `pixels`: see {@link chosen}. */
  tend(eye: Vector3, pixels: number, triangles: number, now: number): void {
    const wishes = [...this.drawn.values()].map((each) => wish(each, eye));
    const levels = chosen(wishes, pixels, triangles);
    for (const { artifact, files } of wishes.sort((a, b) => a.distance - b.distance)) {
      const each = this.drawn.get(artifact) as Drawn;
      const level = levels.get(artifact);
      if (level === undefined || each.leftAt !== null) continue;
      // Something to see at once, then what was chosen.
      const file = (each.model ? files[level] : files[0]) as Derivative;
      each.wanted = file.url;
      if (each.url === file.url || each.loading || each.retryAt > now || each.failures >= TRIES) continue;
      if (this.busy < AT_ONCE) void this.load(each, file.url);
    }
  }

  /** Where loading stands, of what the server names now. */
  get progress(): Progress {
    const all = [...this.drawn.values()];
    const present = all.filter((each) => each.leftAt === null && geometryOf(each.exhibit.derivatives).length > 0);
    return {
      shown: present.filter((each) => each.model).length,
      all: present.length,
      lingering: all.filter((each) => each.leftAt !== null).length,
    };
  }

  /** What is drawn of an artifact, in its own frame; null before anything is there. */
  model(artifact: string): Object3D | null {
    return this.drawn.get(artifact)?.model ?? null;
  }

  /** Tries again what could not be loaded. */
  retry(): void {
    for (const each of this.drawn.values()) each.failures = each.retryAt = 0;
  }

  dispose(): void {
    this.isOver = true;
    this.reader.dispose();
    this.sweep(Infinity, -Infinity);
    for (const each of this.drawn.values()) if (each.model) release(each.model);
    for (const each of [this.box, this.edges, this.faint]) each.dispose();
  }

  private async load(each: Drawn, url: string): Promise<void> {
    each.loading = true;
    this.busy++;
    try {
      const scene = await this.reader.read(url);
      const isGone = this.isOver || this.drawn.get(each.exhibit.artifact) !== each;
      if (isGone) release(scene);
      else this.put(each, scene, url);
    } catch {
      each.failures++;
      each.retryAt = performance.now() + 500 * 2 ** each.failures;
    } finally {
      each.loading = false;
      this.busy--;
      if (!this.isOver) this.onChange();
    }
  }

  private put(each: Drawn, scene: Object3D, url: string): void {
    finish(scene, this.studio, this.anisotropy, facing(each.exhibit));
    if (each.model) {
      each.model.removeFromParent();
      release(each.model);
    }
    each.group.add(scene);
    each.ghost.visible = false;
    each.model = scene;
    each.url = url;
    each.failures = 0;
  }
}

function wish(each: Drawn, eye: Vector3): Wish {
  const { exhibit } = each;
  const middle = new Vector3(...exhibit.center).applyQuaternion(each.group.quaternion).add(each.group.position);
  return {
    artifact: exhibit.artifact,
    files: geometryOf(exhibit.derivatives),
    distance: middle.distanceTo(eye),
    radius: Math.hypot(...exhibit.bounds),
  };
}

function place(group: Group, exhibit: Exhibit): void {
  group.position.set(...exhibit.position);
  group.quaternion.set(...exhibit.orientation);
}

/** Radians about +Y by which an exhibit's front is turned from +Z. */
function facing(exhibit: Exhibit): number {
  const front = new Vector3(0, 0, 1).applyQuaternion(new Quaternion(...exhibit.orientation));
  return Math.atan2(front.x, front.z);
}

/** The light of the studio on a model, turned so that its key falls on the exhibit's front. */
function finish(scene: Object3D, studio: Texture, anisotropy: number, turn: number): void {
  for (const material of materialsOf(scene)) {
    if (!(material instanceof MeshStandardMaterial)) continue;
    material.envMap = studio;
    material.envMapRotation.set(0, turn, 0);
    material.envMapIntensity = 1;
    for (const texture of texturesOf(material)) texture.anisotropy = anisotropy;
  }
}

/** The box of what is drawn, in the museum. */
export function boxOf(object: Object3D): Box3 {
  return new Box3().setFromObject(object);
}
