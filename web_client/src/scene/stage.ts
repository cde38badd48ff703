/** The walk: what draws the world and lets the visitor move through it. */
import type { WebGLRenderer } from 'three';
import type { Visitor } from '../world/visitor';
import type { World } from '../world/world';

/** What the rest of the page may ask of the walk. */
export interface Stage {
  /** Its `xr` is given the session of a headset (src/xr); the stage moves its rig then by controllers. */
  readonly renderer: WebGLRenderer;
  dispose(): void;
}

/** Opens the walk in `parent`. */
export type OpenStage = (parent: HTMLElement, world: World, visitor: Visitor) => Stage;
