/** The doors into the headset: offered where the browser has a device behind them. */
import type { WebGLRenderer } from 'three';
import { button, element } from '../phone/element';
import type { Visitor } from '../world/visitor';
import type { World } from '../world/world';

export type ImmersiveMode = 'immersive-vr' | 'immersive-ar';

/** A Quest draws at 72 Hz at the least; more would only cost battery and detail. */
const FRAME_RATE = 72;
/** Share of the picture's edge drawn coarser, 0-1. */
const FOVEATION = 0.6;

const WORDS = {
  en: { 'immersive-vr': 'Enter with the headset', 'immersive-ar': 'Bring it into your room', leave: 'Back to the screen', failed: 'The headset could not be entered' },
  zh: { 'immersive-vr': '戴上头显进入', 'immersive-ar': '带进您的房间', leave: '回到屏幕', failed: '无法进入头显' },
} as const;

/** What the browser is asked for; what is optional may be refused without harm. */
export function sessionWishes(mode: ImmersiveMode, overlay: HTMLElement): XRSessionInit {
  const optional = ['hand-tracking', 'layers', ...(mode === 'immersive-ar' ? ['dom-overlay'] : [])];
  return {
    requiredFeatures: ['local-floor'],
    optionalFeatures: optional,
    ...(mode === 'immersive-ar' ? { domOverlay: { root: overlay } } : {}),
  };
}

/** Begins the session on `renderer`. Must be called in a tap or press. Rejects where the browser refuses. */
export async function enter(mode: ImmersiveMode, renderer: WebGLRenderer, overlay: HTMLElement): Promise<XRSession> {
  const session = await navigator.xr!.requestSession(mode, sessionWishes(mode, overlay));
  overlay.addEventListener('beforexrselect', keepOnPage);
  session.addEventListener('end', () => overlay.removeEventListener('beforexrselect', keepOnPage));
  const { xr } = renderer;
  xr.enabled = true;
  xr.setReferenceSpaceType('local-floor');
  xr.setFoveation(FOVEATION);
  await xr.setSession(session);
  const rates = session.supportedFrameRates;
  // Not every device lets pages choose.
  if (rates?.includes(FRAME_RATE)) await session.updateTargetFrameRate(FRAME_RATE).catch(() => undefined);
  return session;
}

// A tap on a button or a text of the page means that, and not what the room shows behind it.
function keepOnPage(event: Event): void {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('button, a, input, select, .twin-reader, .twin-drawer')) event.preventDefault();
}

/** Buttons for what this device offers, in `parent`; they appear and go as headsets are plugged in and out. */
export function openDoors(parent: HTMLElement, renderer: WebGLRenderer, visitor: Visitor, world: World): { dispose(): void } {
  const xr = navigator.xr;
  const isChinese = () => /^zh\b/i.test(visitor.wishes.languages[0] ?? '');
  const failure = element('p', { role: 'alert' });
  const buttons = element('div', { class: 'doors' });
  let words: (typeof WORDS)['en'] | (typeof WORDS)['zh'] = WORDS.en;
  parent.append(buttons);
  const walkIn = (mode: ImmersiveMode) => {
    enter(mode, renderer, parent).then(
      () => failure.remove(),
      (error: unknown) => {
        failure.textContent = `${words.failed}: ${error instanceof Error ? error.message : String(error)}`;
        buttons.append(failure);
      },
    );
  };
  const offer = async () => {
    const modes: ImmersiveMode[] = [];
    for (const mode of ['immersive-vr', 'immersive-ar'] as const) {
      if (await xr?.isSessionSupported(mode).catch(() => false)) modes.push(mode);
    }
    if (renderer.xr.isPresenting) return;
    words = isChinese() ? WORDS.zh : WORDS.en;
    buttons.lang = isChinese() ? 'zh-Hans' : 'en';
    buttons.replaceChildren(...modes.map((mode) => button(words[mode], () => walkIn(mode), mode)));
  };
  const changed = () => void offer();
  // Over the visitor's own room the page is still there, and so must be the way out of it.
  const entered = () => buttons.replaceChildren(button(words.leave, () => void renderer.xr.getSession()?.end()));
  // Another language comes with other words of the exhibits.
  const unsubscribe = world.subscribe(() => {
    if (isChinese() !== (words === WORDS.zh)) void offer();
  });
  xr?.addEventListener('devicechange', changed);
  renderer.xr.addEventListener('sessionstart', entered);
  renderer.xr.addEventListener('sessionend', changed);
  void offer();
  return {
    dispose: () => {
      unsubscribe();
      xr?.removeEventListener('devicechange', changed);
      renderer.xr.removeEventListener('sessionstart', entered);
      renderer.xr.removeEventListener('sessionend', changed);
      buttons.remove();
    },
  };
}
