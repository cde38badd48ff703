import { describe, expect, test } from 'vitest';
import { chosen, fine, type Wish } from '../src/scene/levels';
import { Pace, QUALITIES } from '../src/scene/pace';
import type { Derivative } from '../src/world/world';

const file = (triangles: number, error: number): Derivative => ({
  url: `/${triangles}`, mediaType: 'model/gltf-binary', size: triangles * 4, triangles, error, usage: 'geometry',
});
/** Coarsest first, errors in millimetres. */
const FILES = [file(2_000, 3), file(25_000, 0.5), file(100_000, 0.1)];
const wish = (artifact: string, distance: number): Wish => ({ artifact, files: FILES, distance, radius: 0.2 });
/** A picture 1,000 pixels high that shows 60° from top to bottom. */
const PIXELS = 866;

describe('the level of an exhibit', () => {
  test('is the coarsest whose error is below a pixel from there', () => {
    expect([0.4, 1, 5].map((distance) => fine(wish('a', distance), PIXELS))).toEqual([2, 1, 0]);
  });

  test('is the finest there is where none is fine enough', () => {
    expect(fine({ ...wish('a', 0.3), files: [file(10, 50), file(20, 40)] }, PIXELS)).toBe(1);
  });

  test('goes to the nearest first where triangles are short', () => {
    const levels = chosen([wish('far', 0.45), wish('near', 0.4)], PIXELS, 105_000);
    expect(levels).toEqual(new Map([['near', 2], ['far', 0]]));
  });

  test('is never none: every exhibit is drawn at its coarsest', () => {
    expect(chosen([wish('a', 0.4), wish('b', 0.5)], PIXELS, 10)).toEqual(new Map([['a', 0], ['b', 0]]));
  });

  test('is none for what has no files', () => {
    expect(chosen([{ ...wish('a', 1), files: [] }], PIXELS, 1_000_000).size).toBe(0);
  });
});

describe('the pace', () => {
  const run = (pace: Pace, took: number, frames: number, from = 0): number => {
    for (let k = 0; k < frames; k++) pace.frame((from += took));
    return from;
  };

  test('takes quality where frames are slow, down to the least', () => {
    const pace = new Pace(13.9);
    run(pace, 30, 2_000);
    expect(pace.quality).toBe(QUALITIES.at(-1));
  });

  test('gives back where frames are quick, later than it took', () => {
    const pace = new Pace(13.9);
    const slow = run(pace, 20, 47);
    expect(pace.quality).toBe(QUALITIES[2]);
    const soon = run(pace, 13.8, 47, slow);
    expect(pace.quality).toBe(QUALITIES[2]);
    run(pace, 13.8, 3_000, soon);
    expect(pace.quality).toBe(QUALITIES[0]);
  });

  test('stays where frames are as long as they should be, and is not moved by one that hung', () => {
    const pace = new Pace(13.9, 2);
    let now = 0;
    for (let k = 0; k < 90; k++) pace.frame((now += k % 20 === 7 ? 90 : 14.8));
    expect(pace.quality).toBe(QUALITIES[2]);
  });

  test('takes a hidden tab for no slow frame', () => {
    const pace = new Pace(13.9);
    run(pace, 60_000, 100);
    expect(pace.quality).toBe(QUALITIES[1]);
  });
});
