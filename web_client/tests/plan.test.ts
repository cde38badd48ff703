import { Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { Plan, PlannedRoom, SHOULDER, type Room } from '../src/scene/plan';
import { before } from '../src/scene/standing';

const LEVEL = [0, 0, 0, 1] as const;

/** Two rooms of 8 × 6 m behind one another; a plinth in the middle of the first. */
function rooms(): Room[] {
  const door = (wall: 'front' | 'back') => ({ wall, offset: 1, width: 1.8, height: 2.5 });
  const room = (slug: string, z: number, doors: Room['doors'], placements: Room['placements']): Room => ({
    slug,
    name: { en: slug },
    site: { position: [0, 0, z], rotation: LEVEL },
    size: [8, 4, 6],
    doors,
    viewpoint: { position: [0, 1.6, 2.5], target: [0, 1.2, 0] },
    placements,
  });
  const vase: Room['placements'][number] = {
    artifact: 'm:vase',
    position: [0, 1, 0],
    rotation: LEVEL,
    support: 'plinth',
    support_size: [0.6, 1, 0.6],
    bounds: [[-0.15, 1, -0.15], [0.15, 1.4, 0.15]],
  };
  return [room('first', 0, [door('front'), door('back')], [vase]), room('second', -6.24, [door('front')], [])];
}

const floor = (x: number, z: number): Vector3 => new Vector3(x, 0, z);

describe('a plan', () => {
  const plan = new Plan(rooms());
  const [first, second] = plan.rooms as [PlannedRoom, PlannedRoom];

  test('knows which door leads into the next room, and which leads out', () => {
    const [front, back] = first.room.doors;
    expect(plan.leadsTo(first, back!)).toBe(second);
    expect(plan.leadsTo(first, front!)).toBeNull();
    expect(plan.neighbors(second)).toEqual([first]);
  });

  test('lets nobody through walls or plinths, or out of the museum', () => {
    expect(plan.isFree(floor(-2, -3.1))).toBe(false);
    expect(plan.isFree(floor(0.3, 0))).toBe(false);
    expect(plan.isFree(floor(1, 3.1))).toBe(false);
    expect(plan.isFree(floor(2, 1))).toBe(true);
  });

  test('can be walked through a doorway without a gap', () => {
    for (let z = -2; z >= -4.5; z -= 0.02) expect(plan.isFree(floor(1, z))).toBe(true);
  });

  test('slides along what is in the way', () => {
    const end = plan.step(floor(-3.7, 0), floor(-3.75, 0.1));
    expect(end.toArray()).toEqual([-3.7, 0, 0.1]);
    const stopped = plan.step(floor(0, 0.3 + SHOULDER + 0.01), floor(0, 0.4));
    expect(stopped.z).toBeCloseTo(0.59);
  });

  test('lets one leave a place where nobody can stand', () => {
    expect(plan.step(floor(0, 0), floor(0, 0.1)).z).toBeCloseTo(0.1);
  });

  test('finds a place before an exhibit from which its middle is looked at', () => {
    const spot = before(plan, 'm:vase', 1.6)!;
    expect(plan.isFree(spot.at)).toBe(true);
    expect(spot.at.z).toBeGreaterThan(0.5);
    expect(spot.lookAt.y).toBeCloseTo(1.2);
    expect(before(plan, 'm:unknown', 1.6)).toBeNull();
  });
});
