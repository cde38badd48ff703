/** Opens what stands beside the picture: texts, map, wishes. Loaded with the walk. */
import type { Stage } from '../scene/stage';
import type { Visitor } from '../world/visitor';
import type { World } from '../world/world';
import { Panels } from './panels';

export type OpenPanels = (parent: HTMLElement, world: World, visitor: Visitor, stage: Stage) => { dispose(): void };

export const openPanels: OpenPanels = (parent, world, visitor, stage) => new Panels(parent, world, visitor, stage);
