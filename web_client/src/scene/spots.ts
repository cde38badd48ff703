/** For curators (`?spots`): a click on an artifact writes the lines of a floor plan that put a note there. */
import { Quaternion, Vector3, type Object3D, type Raycaster } from 'three';
import type { Vector } from '../world/world';
import type { Stage } from './stage';

/** A place on an artifact, in its own frame: metres, and out of the surface. */
export interface Spot {
  readonly artifact: string;
  readonly position: Vector;
  readonly normal: Vector;
}

/** Where the ray first meets one of the models; null where it meets none. */
export function spotOn(ray: Raycaster, artifacts: Iterable<string>, modelOf: (artifact: string) => Object3D | null): Spot | null {
  let nearest: { readonly away: number; readonly spot: Spot } | null = null;
  for (const artifact of artifacts) {
    const model = modelOf(artifact);
    const hit = model && ray.intersectObject(model, true)[0];
    if (!hit?.face || !model?.parent || (nearest && hit.distance >= nearest.away)) continue;
    const frame = model.parent;
    const normal = hit.face.normal.clone().transformDirection(hit.object.matrixWorld);
    // A model may be lit from both sides: what was clicked faces the eye.
    if (normal.dot(ray.ray.direction) > 0) normal.negate();
    normal.applyQuaternion(frame.getWorldQuaternion(new Quaternion()).invert());
    const spot = { artifact, position: plain(frame.worldToLocal(hit.point.clone())), normal: plain(normal) };
    nearest = { away: hit.distance, spot };
  }
  return nearest?.spot ?? null;
}

/** The lines of plan.toml (docs/placing.md). */
export function planLines(spot: Spot): string {
  return [
    '[[annotations]]',
    `artifact = ${JSON.stringify(spot.artifact)}`,
    'id = "a-word-for-it"',
    `position = [${told(spot.position)}]`,
    `normal = [${told(spot.normal)}]`,
    'title = { en = "" }',
    'description = { en = "" }',
  ].join('\n');
}

/** Shows those lines at each click on an artifact of the picture. */
export function openSpots(host: HTMLElement, stage: Stage): { dispose(): void } {
  const shown = document.createElement('pre');
  shown.className = 'twin-spot';
  shown.textContent = 'Click on an artifact: here come the lines of a note about that spot, for plan.toml.';
  host.append(shown);
  const canvas = stage.renderer.domElement;
  const clicked = (event: MouseEvent): void => {
    const box = canvas.getBoundingClientRect();
    const spot = stage.spotAt({ x: event.clientX - box.left, y: event.clientY - box.top });
    if (spot) shown.textContent = planLines(spot);
  };
  canvas.addEventListener('click', clicked);
  return {
    dispose: () => {
      canvas.removeEventListener('click', clicked);
      shown.remove();
    },
  };
}

function plain({ x, y, z }: Vector3): Vector {
  return [x, y, z];
}

// Tenths of a millimetre; the sign of a zero says nothing.
function told(vector: Vector): string {
  return vector.map((value) => (Number(value.toFixed(4)) + 0).toFixed(4)).join(', ');
}
