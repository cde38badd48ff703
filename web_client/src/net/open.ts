/** The connection of this page, with what the browser tells of its own state. */
import type { ClientKind } from '../protocol/generated/choices';
import type { Wishes } from '../world/visitor';
import { Link } from './link';
import { browserSurroundings } from './surroundings';

interface NetworkInformation {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
}

/** Opens it and keeps it until the page goes. `gallery`: where the visit starts; empty: the server chooses. */
export function openLink(kind: ClientKind, gallery: string): Link {
  const network = (navigator as { connection?: NetworkInformation }).connection;
  const link = new Link(browserSurroundings(document.baseURI), {
    kind,
    capabilities: capabilities(),
    wishes: browserWishes(),
    gallery,
    byteBudget: byteBudget(network),
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') link.awake();
  });
  addEventListener('online', () => link.reconnect());
  addEventListener('pagehide', (event) => {
    // A page that may come back keeps its session; one that goes for good frees it.
    if (!event.persisted) link.close();
  });
  link.open();
  return link;
}

/** What the browser is set to. */
export function browserWishes(): Wishes {
  return {
    languages: navigator.languages.slice(0, 8),
    textSize: 0.5,
    captions: false,
    audioDescription: false,
    plainLanguage: false,
    reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
    seated: false,
  };
}

function capabilities(): string[] {
  const isQuickLook = document.createElement('a').relList.supports('ar');
  return ['meshopt', 'ktx2', ...('xr' in navigator ? ['webxr'] : []), ...(isQuickLook ? ['usdz'] : [])];
}

// What the connection says of itself where it does; the server then sends texts and files no faster.
function byteBudget(network: NetworkInformation | undefined): number {
  if (network?.effectiveType === 'slow-2g' || network?.effectiveType === '2g') return 8_000;
  if (network?.saveData || network?.effectiveType === '3g') return 32_000;
  return 0;
}
