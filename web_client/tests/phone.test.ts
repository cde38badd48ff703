/** The phone page's rules: how fast, what is said, which way into the room, which model. */
import { describe, expect, test } from 'vitest';
import { dearest, modelFor, type PublishedFile } from '../src/net/catalog';
import { before } from '../src/phone/before';
import { fitted, Rate } from '../src/phone/rate';
import { journey, journeyTold } from '../src/phone/journey';
import { judged, percent, type Verdict } from '../src/phone/verdict';
import { wordsFor, WORDS } from '../src/phone/words';
import { ladder, sceneViewerLink, type Abilities } from '../src/place/ladder';
import { RejectionReason } from '../src/protocol/generated/choices';
import type { Recognition } from '../src/world/world';

const LOOKING: Verdict = { kind: 'looking' };

function seen(artifact: string, score = 0.9): Recognition {
  return {
    frame: 1, sightings: [{ artifact, score, evidence: '', corners: [], inliers: 0, region: [] }], rejection: null, model: 'm', stages: [],
  };
}

function refused(rejection: number): Recognition {
  return { frame: 1, sightings: [], rejection, model: 'm', stages: [] };
}

describe('pace of pictures', () => {
  test('quick answers are followed five times a second, slow ones by smaller pictures', () => {
    const rate = new Rate();
    expect(rate.answered(50, '')).toBe(200);
    expect(rate.side).toBe(640);
    expect(rate.answered(2_000, '')).toBe(1_000);
    expect(rate.side).toBe(512);
    for (let answers = 0; answers < 9; answers++) rate.answered(5_000, '');
    expect(rate.side).toBe(320);
    for (let answers = 0; answers < 9; answers++) rate.answered(50, '');
    expect(rate.side).toBe(640);
  });

  test('what stays in view is looked at once a second, and at once again when it changes', () => {
    const rate = new Rate();
    expect(['a', 'a', 'a', 'a', 'a', 'b'].map((artifact) => rate.answered(50, artifact))).toEqual([200, 200, 200, 1_000, 1_000, 200]);
  });

  test.each([
    [1920, 1080, 640, [640, 360]],
    [1080, 1920, 640, [360, 640]],
    [320, 240, 640, [320, 240]],
    [4000, 3, 640, [640, 1]],
  ])('a picture of %i × %i is sent with at most %i pixels a side', (width, height, side, size) => {
    expect(fitted(width, height, side)).toEqual(size);
  });
});

describe('where the time of a picture goes', () => {
  const stages = [{ stage: 'decode', duration: 0.004 }, { stage: 'embed', duration: 0.05 }];

  test('what is neither the page\'s nor the server\'s is the way between them', () => {
    const times = journey(0.02, 0.094, stages);
    expect(times.map(({ stage }) => stage)).toEqual(['capture', 'decode', 'embed', 'deliver']);
    expect(times[3]?.duration).toBeCloseTo(0.04);
    expect(journeyTold(times, WORDS.en)).toBe('114 ms: picture 20, reading it 4, looking 50, way there and back 40.');
  });

  test('clocks that disagree make no way shorter than none, and a step without a word is told by its name', () => {
    expect(journey(0.02, 0.01, stages)[3]?.duration).toBe(0);
    expect(journeyTold([{ stage: 'dream', duration: 1 }], WORDS.en)).toBe('1000 ms: dream 1000.');
  });
});

describe('verdict', () => {
  test('a sighting is shown at once; that nothing is ours only after three pictures', () => {
    expect(judged(LOOKING, 0, seen('a'))).toMatchObject({ kind: 'seen', sighting: { artifact: 'a' } });
    expect(judged(LOOKING, 0, refused(RejectionReason.NOT_OURS))).toEqual(LOOKING);
    expect(judged(LOOKING, 2, refused(RejectionReason.NOT_OURS))).toEqual({ kind: 'notOurs' });
    expect(judged(LOOKING, 2, refused(RejectionReason.UNCERTAIN))).toEqual({ kind: 'unclear' });
  });

  test('one blurred picture takes away nothing that was seen, but its outline is old', () => {
    const before = judged(LOOKING, 0, seen('a'));
    expect(judged(before, 0, refused(RejectionReason.UNCERTAIN))).toMatchObject({ kind: 'seen', isStale: true });
    expect(judged(before, 2, refused(RejectionReason.LATE))).toEqual(LOOKING);
  });

  test('a museum without a recognizer is said to be one at once', () => {
    expect(judged(LOOKING, 0, refused(RejectionReason.UNAVAILABLE))).toEqual({ kind: 'unavailable' });
  });

  test('nothing is ever called certain', () => {
    expect([1, 0.996, 0.934, 0.5, 0].map(percent)).toEqual([99, 99, 93, 50, 1]);
  });
});

describe('ladder', () => {
  const none: Abilities = { immersiveAr: false, arLinks: false, intents: false, camera: false };

  test.each([
    ['a headset or Android with ARCore', { ...none, immersiveAr: true, intents: true, camera: true }, ['webxr', 'overlay', 'orbit']],
    ['an iPhone', { ...none, arLinks: true, camera: true }, ['quicklook', 'overlay', 'orbit']],
    ['Android without WebXR', { ...none, intents: true, camera: true }, ['sceneviewer', 'overlay', 'orbit']],
    ['a laptop', { ...none, camera: true }, ['overlay', 'orbit']],
    ['a desk without a camera', none, ['orbit']],
  ])('%s', (_, can, ways) => {
    expect(ladder(can)).toEqual(ways);
  });

  test('Scene Viewer is given the model and a way back', () => {
    const link = sceneViewerLink('https://m.example/assets/a?b', 'Bell & co', 'https://m.example/#phone');
    expect(link).toContain('file=https%3A%2F%2Fm.example%2Fassets%2Fa%3Fb');
    expect(link).toContain('title=Bell+%26+co');
    expect(link).toContain('S.browser_fallback_url=https%3A%2F%2Fm.example%2F%23phone;end;');
  });
});

describe('model', () => {
  const file = (url: string, triangles: number, bytes: number, needs: string[] = [], usage = 'phone', media_type = 'model/gltf-binary'): PublishedFile => ({ url, media_type, usage, needs, triangles, bytes });

  test('the finest that a phone draws at ease and can read; of two alike the smaller file', () => {
    const files = [
      file('master', 500_000, 9_000_000, [], 'master'),
      file('fine', 40_000, 2_000_000),
      file('packed', 40_000, 200_000, ['meshopt']),
      file('draco', 50_000, 90_000, ['draco']),
      file('room', 50_000, 10, [], 'gallery'),
      file('thumb', 0, 5_000, [], 'thumb', 'image/jpeg'),
    ];
    expect(modelFor(files, ['meshopt'], 60_000)?.url).toBe('packed');
    expect(modelFor(files, [], 60_000)?.url).toBe('fine');
    expect(modelFor(files, [], 1_000)?.url).toBe('fine');
    expect(modelFor([], [], 1_000)).toBeNull();
  });
});

describe('words', () => {
  test('are those of the dearest language that there are words in', () => {
    expect(wordsFor(['fr-FR', 'zh-TW', 'en']).language).toBe('zh-Hans');
    expect(wordsFor(['fr-FR']).language).toBe('en');
  });

  test('of texts the dearest language is taken, then its kin, then English', () => {
    const texts = [{ language: 'en', content: 'bell' }, { language: 'zh-Hans', content: '钟' }];
    expect(dearest(texts, ['zh-TW'])?.content).toBe('钟');
    expect(dearest(texts, ['fr'])?.content).toBe('bell');
    expect(dearest([], ['fr'])).toBeNull();
  });
});

test('a visitor is put before the exhibit\'s front, in the whole museum\'s space, looking at it', () => {
  const half: readonly [number, number, number, number] = [0, Math.SQRT1_2, 0, Math.SQRT1_2];
  const stand = before('a', [{
    slug: 'hall',
    site: { position: [10, 0, 0], rotation: half },
    placements: [{ artifact: 'a', rotation: [0, 0, 0, 1], bounds: [[-0.1, 1, -0.1], [0.1, 1.4, 0.1]] }],
  }]);

  // The gallery is turned a quarter: its +Z is the museum's +X.
  expect(stand?.gallery).toBe('hall');
  [11.2, 1.2, 0].forEach((value, axis) => expect(stand!.pose.position[axis]).toBeCloseTo(value, 9));
  expect(stand!.pose.orientation).toEqual(half);
  expect(before('b', [])).toBeNull();
});
