/** The walk: what draws the world and lets the visitor move through it. */
import type { Vector3, WebGLRenderer } from 'three';
import type { Annotation } from '../world/world';
import type { Visitor } from '../world/visitor';
import type { World } from '../world/world';
import type { Progress } from './models';
import type { Plan } from './plan';
import type { Spot } from './spots';

/** What the visitor reads: an exhibit, or one of its annotations. */
export interface Opened {
  readonly artifact: string;
  readonly annotation: Annotation | null;
}

/** Where something is on the screen: CSS pixels within the picture. */
export interface OnScreen {
  readonly x: number;
  readonly y: number;
}

/** An annotation's mark on the screen. */
export interface MarkOnScreen extends OnScreen {
  readonly annotation: Annotation;
  /** Its surface is turned to the eye, and it is within the picture. */
  readonly isSeen: boolean;
}

/** What drawing costs: of the last frame, and held on the graphics card. */
export interface Draws {
  readonly calls: number;
  readonly triangles: number;
  readonly geometries: number;
  readonly textures: number;
  /** Of textures with their mipmaps, as the card holds them. */
  readonly textureBytes: number;
}

/**
 * - `planned`: rooms are known, or known anew.
 * - `opened`: another exhibit or annotation is read, or none.
 * - `progress`: loading went on.
 * - `arrived`: the visitor was moved by {@link Stage.visit} or {@link Stage.enter}.
 */
export type StageNotice = 'planned' | 'opened' | 'progress' | 'arrived';

/** What the rest of the page may ask of the walk. */
export interface Stage {
  /** Its `xr` is given the session of a headset (src/xr); the stage moves its rig then by controllers. */
  readonly renderer: WebGLRenderer;
  /** Null until the rooms are known. */
  readonly plan: Plan | null;
  /** Where the visitor stands and where they look: radians about +Y, 0 along -Z. */
  readonly place: { readonly at: Vector3; readonly heading: number };
  readonly progress: Progress;
  /** All light of the rooms is computed. */
  readonly isBaked: boolean;
  readonly opened: Opened | null;
  /** A mark that is looked at for long is opened; always so in a headset. */
  opensByGaze: boolean;
  /** CSS pixels at the picture's left and bottom that something else covers: its middle moves aside. */
  cover(left: number, bottom: number): void;
  open(opened: Opened | null): void;
  /** Goes before an exhibit. False where no room shows it. */
  visit(artifact: string): boolean;
  /** Goes into a gallery. False where there is none of that name. */
  enter(gallery: string): boolean;
  /** Goes to a point of the floor. False where nobody can stand. */
  walkTo(point: Vector3): boolean;
  /** Marks of an exhibit, and the circle that it fills on the screen; null where it is behind the visitor. */
  marks(artifact: string): { readonly middle: OnScreen; readonly radius: number; readonly marks: MarkOnScreen[] } | null;
  /** The spot of an artifact that is seen there, in CSS pixels of the picture; null where none is. */
  spotAt(at: OnScreen): Spot | null;
  /** Called after each frame drawn on a screen. What it returns ends that. */
  eachFrame(listener: () => void): () => void;
  subscribe(listener: (notice: StageNotice) => void): () => void;
  draws(): Draws;
  dispose(): void;
}

/** Opens the walk in `parent`. */
export type OpenStage = (parent: HTMLElement, world: World, visitor: Visitor) => Stage;
