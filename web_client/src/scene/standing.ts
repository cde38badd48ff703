/** Where to stand before an exhibit. Pure. */
import { Vector3 } from 'three';
import { PlannedRoom, type Placed, type Plan } from './plan';

/** Nobody needs to stand nearer or farther, metres from the middle of the exhibit. */
const NEAREST = 0.85;
const FARTHEST = 3.2;

/** A free point of the floor before an exhibit and what to look at; null where it is in no room or blocked. */
export function before(plan: Plan, artifact: string, eyeHeight: number): { at: Vector3; lookAt: Vector3 } | null {
  for (const planned of plan.rooms) {
    const placed = planned.room.placements.find((each) => each.artifact === artifact);
    if (placed) return spot(plan, planned, placed, eyeHeight);
  }
  return null;
}

function spot(plan: Plan, planned: PlannedRoom, placed: Placed, eyeHeight: number) {
  const [low, high] = placed.bounds.map((corner) => new Vector3(...corner)) as [Vector3, Vector3];
  const lookAt = low.clone().add(high).multiplyScalar(0.5);
  const radius = high.distanceTo(low) / 2;
  const away = Math.min(Math.max(radius * 2.3, placed.support_size[2] / 2 + 0.45, NEAREST), FARTHEST);
  const front = PlannedRoom.facing(placed);
  const site = lookAt.clone().applyMatrix4(planned.toSite);
  for (const turn of [0, 0.35, -0.35, 0.8, -0.8, 1.5, -1.5, Math.PI]) {
    for (const farther of [0, 0.3]) {
      const offset = new Vector3(0, 0, away + farther).applyAxisAngle(new Vector3(0, 1, 0), front + turn);
      const at = lookAt.clone().add(offset).setY(0).applyMatrix4(planned.toSite);
      if (plan.isFree(at)) return { at, lookAt: site.setY(Math.max(site.y, eyeHeight - 0.75)) };
    }
  }
  return null;
}
