/** Texts spoken by the browser's own voice, sentence by sentence, with captions where they are wished for. */
import { element } from './element';

export class Voice {
  readonly caption = element('p', 'twin-caption', { hidden: true });
  /** The text being spoken; empty where none is. */
  speaking = '';
  onChange: () => void = () => undefined;

  /** Speaks; an earlier text ends. */
  say(text: string, language: string, captions: boolean): void {
    this.stop();
    if (!('speechSynthesis' in globalThis) || !text) return;
    this.speaking = text;
    const sentences = text.match(/[^.!?。！？]+[.!?。！？]*["”』」)]*\s*/gu) ?? [text];
    for (const [index, sentence] of sentences.entries()) {
      const spoken = new SpeechSynthesisUtterance(sentence.trim());
      spoken.lang = language === 'und' ? '' : language;
      const caption = () => {
        this.caption.lang = spoken.lang;
        this.caption.textContent = sentence.trim();
        this.caption.hidden = !captions;
      };
      spoken.onstart = caption;
      // A browser may have no voice, or be slow to find one: who reads does not wait for it.
      if (index === 0) caption();
      if (index === sentences.length - 1) spoken.onend = spoken.onerror = () => this.ended(text);
      speechSynthesis.speak(spoken);
    }
    this.onChange();
  }

  stop(): void {
    if (!this.speaking) return;
    const { speaking } = this;
    speechSynthesis.cancel();
    this.ended(speaking);
  }

  private ended(text: string): void {
    if (this.speaking !== text) return;
    this.speaking = '';
    this.caption.hidden = true;
    this.onChange();
  }
}
