/**
 * How an artifact can come into the visitor's own room, best way first. Chosen by what the browser can do, never
 * by what it calls itself.
 */
export type Way = 'webxr' | 'quicklook' | 'sceneviewer' | 'overlay' | 'orbit';

export interface Abilities {
  /** `navigator.xr` grants `immersive-ar`. */
  readonly immersiveAr: boolean;
  /** Links with `rel="ar"` open the system's viewer. */
  readonly arLinks: boolean;
  /** Links with `intent:` reach other programs of the device. */
  readonly intents: boolean;
  /** There is a camera that the page may ask for. */
  readonly camera: boolean;
}

/** All ways that there are; the last one is always there. */
export function ladder(can: Abilities): readonly Way[] {
  const ways: Way[] = [];
  if (can.immersiveAr) ways.push('webxr');
  if (can.arLinks) ways.push('quicklook');
  if (can.intents && !can.immersiveAr) ways.push('sceneviewer');
  if (can.camera) ways.push('overlay');
  ways.push('orbit');
  return ways;
}

/** What this browser can do. */
export async function abilities(): Promise<Abilities> {
  const immersiveAr = await navigator.xr?.isSessionSupported('immersive-ar').catch(() => false);
  return {
    immersiveAr: immersiveAr ?? false,
    arLinks: document.createElement('a').relList.supports('ar'),
    // No browser tells whether it follows intents. The contact picker stands only where they are followed too:
    // in Chromium's browsers on Android.
    intents: navigator.maxTouchPoints > 0 && 'contacts' in navigator && 'ContactsManager' in window,
    camera: navigator.mediaDevices !== undefined,
  };
}

/** The link by which Android's Scene Viewer opens a model; `page` is where it leads if there is no viewer. */
export function sceneViewerLink(model: string, title: string, page: string): string {
  const query = new URLSearchParams({ file: model, mode: 'ar_preferred', title, resizable: 'false' });
  const fallback = encodeURIComponent(page);
  return `intent://arvr.google.com/scene-viewer/1.2?${query}#Intent;scheme=https;package=com.google.android.googlequicksearchbox;action=android.intent.action.VIEW;S.browser_fallback_url=${fallback};end;`;
}
