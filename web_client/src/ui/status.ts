/** How the connection and loading stand: always on the screen, told to screen readers only when it changes. */
import type { ConnectionState } from '../world/world';
import type { Progress } from '../scene/models';
import { button, element } from './element';
import type { Words } from './strings';

export class Status {
  readonly root = element('div', 'twin-status');
  private readonly dot = element('span', 'twin-dot', { ariaHidden: 'true' });
  private readonly text = element('span', 'twin-status-text', { role: 'status' });
  private readonly retry: HTMLButtonElement;
  private readonly bar = element('progress', 'twin-progress');
  private readonly loading = element('div', 'twin-loading', {}, this.bar);
  private readonly caption = element('span', 'twin-loading-text');
  private phase = '';

  constructor(onRetry: () => void) {
    this.retry = button('', 'twin-small', onRetry);
    this.loading.append(this.caption);
    this.root.append(element('div', 'twin-pill', {}, this.dot, this.text, this.retry), this.loading);
  }

  /** `now` in the clock of `performance.now()`, ms. */
  connection(state: ConnectionState, words: Words, now: number): void {
    const seconds = state.retryAt === null ? 0 : Math.max(0, Math.ceil((state.retryAt - now) / 1000));
    const text = {
      connecting: words.connecting,
      live: words.live,
      waiting: words.waiting(seconds),
      refused: words.refused,
    }[state.phase];
    // Not each second of a countdown is read out.
    this.text.ariaLive = state.phase === this.phase ? 'off' : 'polite';
    this.phase = state.phase;
    if (this.text.textContent !== text) this.text.textContent = text;
    this.root.dataset.phase = state.phase;
    this.retry.textContent = words.tryNow;
    this.retry.hidden = state.phase === 'live' || state.phase === 'connecting';
  }

  progress({ shown, all }: Progress, words: Words): void {
    this.loading.classList.toggle('is-done', shown >= all);
    this.bar.max = Math.max(all, 1);
    this.bar.value = shown;
    this.bar.ariaLabel = words.loading(shown, all);
    this.caption.textContent = words.loading(shown, all);
  }
}
