/** What there is to read of the opened exhibit: label, text, notes, what must be shown with it. */
import type { Opened } from '../scene/stage';
import { textOf, type Annotation, type Exhibit, type Wording } from '../world/world';
import { TextKind } from '../protocol/generated/choices';
import { button, element, renew } from './element';
import type { Words } from './strings';
import type { Voice } from './voice';

export class Reader {
  readonly root = element('section', 'twin-reader', { hidden: true });
  private readonly heading = element('h2', 'twin-title', { tabIndex: -1, id: 'twin-reader-title' });
  private readonly close = button('', 'twin-close', () => this.onClose());
  private readonly body = element('div', 'twin-body');

  constructor(
    private readonly voice: Voice,
    private readonly onClose: () => void,
    private readonly onNote: (annotation: Annotation | null) => void,
  ) {
    this.root.setAttribute('aria-labelledby', this.heading.id);
    this.root.append(element('div', 'twin-reader-head', {}, this.heading, this.close), this.body);
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.onClose();
    });
  }

  /** Draws what is opened; null closes. `captions`: whether what is spoken is also shown. */
  draw(opened: Opened | null, exhibit: Exhibit | undefined, words: Words, captions: boolean): void {
    this.root.hidden = !opened || !exhibit;
    if (!opened || !exhibit) return;
    const { annotation } = opened;
    const title = textOf(exhibit.texts, TextKind.TITLE);
    this.heading.textContent = title?.content ?? words.untitled;
    this.heading.lang = title?.language ?? '';
    this.close.textContent = '✕';
    this.close.ariaLabel = words.close;
    renew(this.body, [
      ...(annotation ? [this.note(annotation, words, captions)] : []),
      ...paragraphs(exhibit, TextKind.LABEL, 'twin-label'),
      ...this.notes(exhibit, annotation, words),
      ...paragraphs(exhibit, TextKind.DESCRIPTION, 'twin-text'),
      ...paragraphs(exhibit, TextKind.CAPTION, 'twin-text'),
      this.listen(described(exhibit), words, captions, 'exhibit'),
      ...paragraphs(exhibit, TextKind.REQUIRED_STATEMENT, 'twin-required'),
      ...paragraphs(exhibit, TextKind.RIGHTS, 'twin-required'),
    ]);
  }

  /** Where reading begins; for those who came by key. */
  focus(): void {
    this.heading.focus({ preventScroll: true });
  }

  private note(annotation: Annotation, words: Words, captions: boolean): HTMLElement {
    const title = textOf(annotation.texts, TextKind.TITLE);
    const text = textOf(annotation.texts, TextKind.DESCRIPTION);
    return element(
      'article',
      'twin-note',
      {},
      element('h3', '', { textContent: title?.content ?? '', lang: title?.language ?? '' }),
      element('p', '', { textContent: text?.content ?? '', lang: text?.language ?? '' }),
      this.listen(text ?? title, words, captions, 'note'),
    );
  }

  private notes(exhibit: Exhibit, open: Annotation | null, words: Words): HTMLElement[] {
    const heading = element('h3', 'twin-notes-title', { textContent: words.annotations });
    if (exhibit.annotations.size === 0) {
      return [heading, element('p', 'twin-hint', { textContent: words.comeNearer })];
    }
    const list = element('ul', 'twin-notes');
    for (const annotation of exhibit.annotations.values()) {
      const title = textOf(annotation.texts, TextKind.TITLE);
      const name = title?.content ?? annotation.name;
      const choose = button(name, 'twin-note-button', () => this.onNote(annotation));
      choose.lang = title?.language ?? '';
      choose.dataset.key = annotation.name;
      choose.setAttribute('aria-pressed', String(open?.name === annotation.name));
      list.append(element('li', '', {}, choose));
    }
    return [heading, list];
  }

  private listen(text: Wording | undefined, words: Words, captions: boolean, key: string): HTMLElement {
    const content = text?.content ?? '';
    const isSpeaking = content !== '' && this.voice.speaking === content;
    const made = button(isSpeaking ? words.stop : words.listen, 'twin-listen', () => {
      if (isSpeaking) this.voice.stop();
      else this.voice.say(content, text?.language ?? '', captions);
    });
    made.dataset.key = `listen-${key}`;
    made.hidden = content === '' || !('speechSynthesis' in globalThis);
    return made;
  }
}

/** What is spoken of an exhibit: what is seen, where that was told; its text otherwise. */
export function described({ texts }: Exhibit): Wording | undefined {
  return (
    textOf(texts, TextKind.AUDIO_DESCRIPTION) ?? textOf(texts, TextKind.DESCRIPTION) ?? textOf(texts, TextKind.LABEL)
  );
}

function paragraphs({ texts }: Exhibit, purpose: TextKind, className: string): HTMLElement[] {
  return texts
    .filter((text) => text.purpose === purpose)
    .map((text) => element('p', className, { textContent: text.content, lang: text.language }));
}
