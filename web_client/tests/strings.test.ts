import { describe, expect, test } from 'vitest';
import { LANGUAGES, named, wordsFor } from '../src/ui/strings';

describe('the words of the interface', () => {
  test('are all there in every language, and none is left in another', () => {
    const [first, ...others] = LANGUAGES;
    for (const words of others) {
      expect(Object.keys(words)).toEqual(Object.keys(first!));
      for (const [name, text] of Object.entries(words)) {
        if (typeof text === 'string') expect(text, name).not.toBe(first![name as keyof typeof words]);
      }
    }
  });

  test('are those of the dearest language that has a table', () => {
    expect(wordsFor(['fr', 'zh-TW', 'en']).language).toBe('zh-Hans');
    expect(wordsFor(['fr']).language).toBe('en');
  });

  test('take a name in the nearest language the museum has', () => {
    expect(named({ en: 'Hall', 'zh-Hans': '大厅' }, wordsFor(['zh-CN']), 'hall')).toBe('大厅');
    expect(named({ fr: 'Salle' }, wordsFor(['en']), 'hall')).toBe('Salle');
    expect(named({}, wordsFor(['en']), 'hall')).toBe('hall');
  });
});
