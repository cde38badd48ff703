import { Vector3 } from 'three';
import { describe, expect, test } from 'vitest';
import { Bakery, Lightmap, type Task } from '../src/scene/bake';
import { RoomLight, type Lamp } from '../src/scene/lamps';
import type { Solid } from '../src/scene/plan';

const UP = new Vector3(0, 1, 0);
const lamp: Lamp = {
  position: new Vector3(0, 4, 0),
  aim: new Vector3(0, 0, 0),
  color: new Vector3(1, 1, 1),
  inner: Math.cos(0.4),
  outer: Math.cos(0.6),
};
const crate: Solid = { center: new Vector3(0, 1, 0), half: new Vector3(0.4, 0.4, 0.4), turn: 0, round: false };
const none = new Vector3();
const at = (light: RoomLight, x: number, z = 0): number => light.at(new Vector3(x, 0, z), UP, new Vector3()).x;

describe('light in a room', () => {
  const [lit, dark] = [new RoomLight([lamp], [], none), new RoomLight([], [], none)];

  test('is full where a lamp is aimed and ends with its beam', () => {
    expect(at(lit, 0) - at(dark, 0)).toBeCloseTo(1, 2);
    expect(at(lit, 3) - at(dark, 3)).toBe(0);
  });

  test('never comes through a solid, and fades at a shadow\'s edge', () => {
    const shaded = new RoomLight([lamp], [crate], none);
    expect(at(shaded, 0)).toBeLessThan(at(dark, 0));
    const across = Array.from({ length: 60 }, (_, k) => at(shaded, k * 0.02));
    expect(across.some((light) => light > at(dark, 0) * 1.1 && light < at(lit, 0.6) * 0.8)).toBe(true);
  });

  test('falls past a turned crate as past one that was built so', () => {
    const turned = { ...crate, half: new Vector3(0.4, 0.4, 0.05), turn: Math.PI / 2 };
    const built = { ...crate, half: new Vector3(0.05, 0.4, 0.4) };
    for (const x of [0, 0.1, 0.3, 0.5]) {
      expect(at(new RoomLight([lamp], [turned], none), x, 0.2)).toBeCloseTo(at(new RoomLight([lamp], [built], none), x, 0.2));
    }
  });

  test('leaves the lit side of a wall and not its back', () => {
    const [point, out] = [new Vector3(0, 1, -1), new Vector3()];
    const toward = lit.at(point, new Vector3(0, 0, 1), out).x;
    expect(toward).toBeGreaterThan(lit.at(point, new Vector3(0, 0, -1), out).x);
  });
});

describe('baking', () => {
  test('fills a lightmap with the light at each of its places', () => {
    const sheet = { origin: new Vector3(-1, 0, 1), u: new Vector3(2, 0, 0), v: new Vector3(0, 0, -2), normal: UP };
    const map = new Lightmap([sheet], 8);
    const before = [...(map.texture.image.data as Uint16Array)];
    for (const _ of map.bake(new RoomLight([lamp], [], none)));
    const after = [...(map.texture.image.data as Uint16Array)];
    expect(after).not.toEqual(before);
    expect(map.place(0, 0.5, 0.5)).toEqual([0.5, 0.5]);
  });

  test('stops when its time is over, and goes on from there', () => {
    let clock = 0;
    const bakery = new Bakery();
    const done: number[] = [];
    function* task(): Task {
      for (let k = 0; k < 5; k++) {
        clock += 2;
        done.push(k);
        yield;
      }
    }
    bakery.add(bakery, task());
    bakery.run(4, () => clock);
    expect(done).toEqual([0, 1]);
    while (!bakery.isIdle) bakery.run(4, () => clock);
    expect(done).toEqual([0, 1, 2, 3, 4]);
  });

  test('forgets what belongs to a room that was left', () => {
    const bakery = new Bakery();
    const room = {};
    bakery.add(room, (function* (): Task {})());
    bakery.drop(room);
    expect(bakery.isIdle).toBe(true);
  });
});
