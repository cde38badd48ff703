import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Voice } from '../src/ui/voice';

class Utterance {
  lang = '';
  onstart = () => {};
  onend = () => {};
  onerror = () => {};
  constructor(readonly text: string) {}
}

let queue: Utterance[] = [];

beforeEach(() => {
  queue = [];
  vi.stubGlobal('document', { createElement: () => ({ append: () => {} }) });
  vi.stubGlobal('SpeechSynthesisUtterance', Utterance);
  vi.stubGlobal('speechSynthesis', { speak: (one: Utterance) => queue.push(one), cancel: () => (queue = []) });
});
afterEach(() => void vi.unstubAllGlobals());

test('a text is spoken sentence by sentence in its language, and captions follow it to its end', () => {
  const voice = new Voice();
  voice.say('铁饼上有猫头鹰。它是雅典娜的鸟。', 'zh-Hans', true);
  expect(queue.map(({ text, lang }) => [text, lang])).toEqual([
    ['铁饼上有猫头鹰。', 'zh-Hans'],
    ['它是雅典娜的鸟。', 'zh-Hans'],
  ]);
  // Before the voice begins: a browser may have none.
  expect([voice.caption.textContent, voice.caption.hidden]).toEqual(['铁饼上有猫头鹰。', false]);
  queue[1]!.onstart();
  expect([voice.caption.textContent, voice.caption.lang]).toEqual(['它是雅典娜的鸟。', 'zh-Hans']);
  queue[1]!.onend();
  expect([voice.caption.hidden, voice.speaking]).toEqual([true, '']);
});

test('captions are shown only where they are wished for, and another text ends the one before', () => {
  const voice = new Voice();
  voice.say('One. Two.', 'en', false);
  queue[0]!.onstart();
  expect(voice.caption.hidden).toBe(true);
  voice.say('Three.', 'en', false);
  expect(queue.map(({ text }) => text)).toEqual(['Three.']);
  expect(voice.speaking).toBe('Three.');
});
