/** The poses of both hands in a headset, in the museum's space. */
import { Quaternion, Vector3, type WebGLRenderer } from 'three';
import type { HandPose, HeadPose } from '../world/visitor';

export function handsOf(renderer: WebGLRenderer): Pick<HeadPose, 'left' | 'right'> {
  const sources = renderer.xr.getSession()?.inputSources ?? [];
  const found: { left?: HandPose; right?: HandPose } = {};
  for (let index = 0; index < sources.length; index++) {
    const side = sources[index]?.handedness;
    if (side !== 'left' && side !== 'right') continue;
    const grip = renderer.xr.getControllerGrip(index);
    if (!grip.visible) continue;
    const [at, turn] = [grip.getWorldPosition(new Vector3()), grip.getWorldQuaternion(new Quaternion())];
    found[side] = { position: [at.x, at.y, at.z], orientation: [turn.x, turn.y, turn.z, turn.w], tracked: true };
  }
  return found;
}
