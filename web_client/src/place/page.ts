/** An artifact that was recognized, to look at and to place: the ways that this browser has, best first. */
import type { Group } from 'three';
import type { GltfReader } from '../gltf/reader';
import { filesOf, modelFor, type PublishedFile } from '../net/catalog';
import { button, element } from '../phone/element';
import type { Words } from '../phone/words';
import { abilities, ladder, sceneViewerLink, type Way } from './ladder';
import type { Placing } from './ar';
import type { Viewer } from './viewer';

/** Most triangles that a phone draws at ease beside its camera. */
const PHONE_TRIANGLES = 60_000;

export interface Placed {
  readonly artifact: string;
  readonly title: string;
  /** Address of the museum. */
  readonly base: string;
  readonly words: Words;
}

interface Loaded {
  readonly files: readonly PublishedFile[];
  readonly file: PublishedFile;
  readonly model: Group;
}

/** Shows it in `parent`; `back` is what the visitor's wish to return does. */
export function openPlace(parent: HTMLElement, what: Placed, back: () => void): { dispose(): void } {
  const page = new PlacePage(parent, what, back);
  void page.open();
  return page;
}

class PlacePage {
  private readonly stage = element('div', { class: 'stage' });
  private readonly video = element('video', { playsinline: true, muted: true, 'aria-hidden': 'true', hidden: true });
  private readonly ways = element('div', { class: 'ways' });
  private readonly status = element('p', { role: 'status', class: 'hint' });
  private readonly overlay = element('div', { class: 'over-room', hidden: true });
  private viewer: Viewer | null = null;
  private reader: GltfReader | null = null;
  private placing: Placing | null = null;
  private stream: MediaStream | null = null;
  private usdz = '';
  private isOver = false;

  constructor(
    private readonly parent: HTMLElement,
    private readonly what: Placed,
    back: () => void,
  ) {
    const heading = element('h1', {}, what.title);
    parent.append(this.video, this.stage, element('section', { class: 'card' }, heading, this.status, this.ways, button(what.words.back, back)), this.overlay);
  }

  async open(): Promise<void> {
    const { base, artifact, words } = this.what;
    this.status.textContent = words.preparing;
    try {
      const [files, can, { GltfReader, READABLE }, { Viewer }] = await Promise.all([
        filesOf(base, artifact), abilities(), import('../gltf/reader'), import('./viewer'),
      ]);
      // USDZ is written from pictures, which textures that stay compressed are not.
      const readable = can.arLinks ? READABLE.filter((need) => need !== 'ktx2') : READABLE;
      const file = modelFor(files, readable, PHONE_TRIANGLES);
      if (!file) {
        this.status.textContent = words.noModel;
        this.parent.dataset['ready'] = 'yes';
        return;
      }
      if (this.isOver) return;
      this.viewer = new Viewer(this.stage, this.what.title);
      this.reader = new GltfReader(this.viewer.renderer);
      const model = await this.reader.read(file.url);
      if (this.isOver) return;
      this.viewer.show(model);
      this.status.textContent = words.size;
      const room = can.immersiveAr ? await import('./ar') : null;
      if (this.isOver) return;
      this.offer(ladder(can), room, { files, file, model });
    } catch (error) {
      this.status.textContent = `${words.noModel} ${String(error)}`;
    }
    this.parent.dataset['ready'] = 'yes';
  }

  dispose(): void {
    this.isOver = true;
    this.stopVideo();
    void this.placing?.end().catch(() => undefined);
    this.reader?.dispose();
    this.viewer?.dispose();
    if (this.usdz) URL.revokeObjectURL(this.usdz);
    this.parent.replaceChildren();
  }

  private offer(ways: readonly Way[], room: typeof import('./ar') | null, { files, file, model }: Loaded): void {
    const { words, title } = this.what;
    this.parent.dataset['ways'] = ways.join(' ');
    for (const way of ways) {
      if (way === 'webxr' && room) this.ways.append(button(words.place, () => void this.intoRoom(file, room), 'first'));
      if (way === 'quicklook') void this.quickLook(model);
      if (way === 'overlay') this.ways.append(button(words.overlay, () => void this.overCamera()));
      const plain = way === 'sceneviewer' ? modelFor(files, [], Infinity) : null;
      if (plain) {
        const href = sceneViewerLink(new URL(plain.url, this.what.base).href, title, location.href);
        this.ways.append(element('a', { href, class: 'button first' }, words.place));
      }
    }
  }

  private async intoRoom(file: PublishedFile, { placeInRoom }: typeof import('./ar')): Promise<void> {
    const { words } = this.what;
    if (!this.reader) return;
    const hint = element('p', { role: 'status' }, words.aim);
    const leave = button(words.leave, () => void this.placing?.end());
    this.overlay.replaceChildren(element('div', { class: 'card' }, hint, leave));
    this.overlay.hidden = false;
    try {
      this.placing = await placeInRoom(this.reader.read(file.url), this.overlay, {
        aimed: () => {
          hint.textContent = words.placeHint;
        },
        placed: (at) => {
          hint.textContent = words.placed;
          this.overlay.dataset['placed'] = at.map((one) => one.toFixed(3)).join(' ');
        },
        ended: () => {
          this.placing = null;
          this.overlay.hidden = true;
        },
      });
    } catch (error) {
      this.overlay.hidden = true;
      this.status.textContent = String(error);
    }
  }

  // Safari opens its viewer only for a link that stood there, with a picture in it, when it was tapped.
  private async quickLook(model: Group): Promise<void> {
    const { usdzAddress } = await import('./usdz');
    this.usdz = await usdzAddress(model.clone(true));
    if (this.isOver) return;
    const { words } = this.what;
    const picture = element('img', { alt: words.quickLook, src: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>' });
    this.ways.prepend(element('a', { rel: 'ar', href: this.usdz, class: 'button first' }, picture, words.quickLook));
  }

  private async overCamera(): Promise<void> {
    if (this.stream) {
      this.stopVideo();
      return;
    }
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: 'environment' } }, audio: false });
      this.video.srcObject = this.stream;
      this.video.hidden = false;
      await this.video.play();
    } catch (error) {
      this.status.textContent = String(error);
    }
  }

  private stopVideo(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    this.video.hidden = true;
  }
}
