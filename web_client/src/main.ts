/** The page: opens the connection, and the part of the client that the address names: `#walk` or `#phone`. */
import './page.css';
import { openLink } from './net/open';
import type { Link } from './net/link';
import { ClientKind } from './protocol/generated/choices';
import { element } from './phone/element';
import { wordsFor } from './phone/words';

interface Part {
  dispose(): void;
}

const host = document.getElementById('app') as HTMLElement;
const query = new URLSearchParams(location.search);

/** What the address names; without a name a phone or tablet begins with its camera, all else with the walk. */
function wanted(): 'phone' | 'walk' {
  if (location.hash === '#phone') return 'phone';
  return location.hash === '#walk' || !isHandheld() ? 'walk' : 'phone';
}

function isHandheld(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse) and (max-width: 60rem)').matches;
}

async function openPart(part: 'phone' | 'walk', link: Link): Promise<Part> {
  if (part === 'phone') {
    const { PhonePage } = await import('./phone/page');
    return new PhonePage(host, link, document.baseURI);
  }
  const [{ openStage }, { openPanels }, { openDoors }] = await Promise.all([
    import('./scene/open'), import('./ui/open'), import('./xr/entry'),
  ]);
  const stage = openStage(host, link.world, link);
  const spots = query.has('spots') ? [(await import('./scene/spots')).openSpots(host, stage)] : [];
  const parts: Part[] = [...spots, openPanels(host, link.world, link, stage), openDoors(host, stage.renderer, link, link.world), stage];
  return { dispose: () => parts.forEach((one) => one.dispose()) };
}

// Files of an older build are gone once the museum serves a newer one.
function outdated(): void {
  const { words, language } = wordsFor(navigator.languages);
  const reload = element('button', { type: 'button', onclick: () => location.reload() }, words.reload);
  host.append(element('div', { class: 'outdated', role: 'alert', lang: language }, `${words.outdated} `, reload));
}

async function start(): Promise<void> {
  addEventListener('vite:preloadError', outdated);
  if (query.has('emulate')) (await import('./xr/emulate')).emulateHeadset();
  const link = openLink(isHandheld() ? ClientKind.PHONE : ClientKind.DESKTOP, query.get('gallery') ?? '');
  // For tests and for those who measure.
  if (query.has('measure')) Object.assign(window, { twin: link });
  let part = await openPart(wanted(), link);
  addEventListener('hashchange', () => {
    part.dispose();
    host.replaceChildren();
    void openPart(wanted(), link).then((next) => (part = next));
  });
}

void start();
