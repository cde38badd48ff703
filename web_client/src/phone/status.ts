/** The state of the connection, always in sight and told to screen readers when it changes. */
import type { Visitor } from '../world/visitor';
import type { ConnectionPhase, World } from '../world/world';
import { button, element } from './element';
import type { Words } from './words';

export function connectionStatus(world: World, visitor: Visitor, words: Words): HTMLElement {
  const text = element('span');
  const retry = button(words.connection.retry, () => visitor.reconnect());
  const bar = element('div', { class: 'connection', role: 'status', 'data-phase': '' }, text, retry);
  let shown: ConnectionPhase | null = null;
  const show = () => {
    const { phase } = world.connection;
    if (phase === shown) return;
    shown = phase;
    bar.dataset['phase'] = phase;
    bar.hidden = phase === 'live';
    text.textContent = phase === 'live' ? '' : words.connection[phase];
    retry.hidden = phase === 'connecting';
  };
  world.subscribe((notice) => {
    if (notice.kind === 'connection') show();
  });
  show();
  return bar;
}
