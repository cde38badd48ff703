/** What the visitor wishes for: language, size, contrast, captions, motion. Kept by the browser for the next visit. */
import type { Visitor, Wishes } from '../world/visitor';
import { element, renew } from './element';
import { LANGUAGES, type Words } from './strings';

const KEPT = 'museum-twin-wishes';

/** Wishes that only this page needs to know. */
export interface PageWishes {
  highContrast: boolean;
  opensByGaze: boolean;
}

type Switch = 'captions' | 'audioDescription' | 'plainLanguage' | 'reducedMotion' | 'seated';
const SWITCHES: readonly Switch[] = ['captions', 'audioDescription', 'plainLanguage', 'reducedMotion', 'seated'];

export class WishForm {
  readonly root = element('form', 'twin-wishes');
  readonly page: PageWishes = { highContrast: matchMedia('(prefers-contrast: more)').matches, opensByGaze: false };

  constructor(
    private readonly visitor: Visitor,
    private readonly onChange: () => void,
  ) {
    this.root.addEventListener('submit', (event) => event.preventDefault());
    this.remember();
  }

  draw(words: Words): void {
    const { wishes } = this.visitor;
    const rows = SWITCHES.map((name) =>
      this.check(name, words[name], wishes[name], (on) => this.wish({ [name]: on } as Partial<Wishes>)),
    );
    const contrast = this.check('contrast', words.contrast, this.page.highContrast, (on) => this.set({ highContrast: on }));
    const gaze = this.check('gaze', words.openByGaze, this.page.opensByGaze, (on) => this.set({ opensByGaze: on }));
    renew(this.root, [this.language(words), this.size(words), contrast, ...rows, gaze]);
  }

  private language(words: Words): HTMLElement {
    const select = element('select', '', { name: 'language' });
    select.dataset['key'] = 'language';
    for (const each of LANGUAGES) {
      const isChosen = each.language === words.language;
      select.append(element('option', '', { value: each.language, lang: each.language, selected: isChosen }, each.languageName));
    }
    select.addEventListener('change', () => {
      const others = this.visitor.wishes.languages.filter((language) => language !== select.value);
      this.wish({ languages: [select.value, ...others] });
    });
    return element('label', 'twin-row', {}, element('span', '', { textContent: words.wishLanguage }), select);
  }

  private size(words: Words): HTMLElement {
    const range = element('input', '', { type: 'range', name: 'text-size', min: '0', max: '1', step: '0.25' });
    range.dataset['key'] = 'text-size';
    range.value = String(this.visitor.wishes.textSize);
    range.addEventListener('change', () => this.wish({ textSize: Number(range.value) }));
    return element('label', 'twin-row', {}, element('span', '', { textContent: words.textSize }), range);
  }

  private check(key: string, label: string, on: boolean, onChange: (on: boolean) => void): HTMLElement {
    const box = element('input', '', { type: 'checkbox', checked: on });
    box.dataset['key'] = key;
    box.addEventListener('change', () => onChange(box.checked));
    return element('label', 'twin-row', {}, element('span', '', { textContent: label }), box);
  }

  private wish(wishes: Partial<Wishes>): void {
    this.visitor.wish(wishes);
    this.changed();
  }

  private set(page: Partial<PageWishes>): void {
    Object.assign(this.page, page);
    this.changed();
  }

  private changed(): void {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ wishes: this.visitor.wishes, page: this.page }));
    } catch {
      // A browser that keeps nothing: the wishes hold for this visit.
    }
    this.onChange();
  }

  /** What was wished for last time; the system's wish for less motion where nothing was. */
  private remember(): void {
    const system = matchMedia('(prefers-reduced-motion: reduce)').matches;
    let kept: { wishes?: Partial<Wishes>; page?: Partial<PageWishes> } = {};
    try {
      kept = (JSON.parse(localStorage.getItem(KEPT) ?? '{}') ?? {}) as typeof kept;
    } catch {
      // Damaged or forbidden: as if nothing was kept.
    }
    Object.assign(this.page, kept.page);
    const wishes = { ...(system ? { reducedMotion: true } : {}), ...kept.wishes };
    if (Object.keys(wishes).length > 0) this.visitor.wish(wishes);
  }
}
