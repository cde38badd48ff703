/** The phone's page: consent, camera, what was recognized, and its way into the visitor's room. */
import './phone.css';
import { leaflet } from '../net/catalog';
import type { Link } from '../net/link';
import { TextKind } from '../protocol/generated/choices';
import { openPlace } from '../place/page';
import { textOf, type Annotation, type StageTime, type World } from '../world/world';
import { before, rooms, type Stand } from './before';
import { Camera } from './camera';
import { button, element } from './element';
import { Highlight } from './highlight';
import { journeyTold } from './journey';
import { connectionStatus } from './status';
import { percent, type Verdict } from './verdict';
import { Watch, type Seen } from './watch';
import { wordsFor, type Words } from './words';

export class PhonePage {
  private readonly root: HTMLElement;
  private readonly words: Words;
  private readonly video = element('video', { playsinline: true, muted: true, 'aria-hidden': 'true' });
  private readonly highlight = new Highlight();
  private readonly card = element('section', { class: 'card', 'aria-live': 'polite' });
  private readonly world: World;
  private camera: Camera | null = null;
  private watch: Watch | null = null;
  private stand: Stand | null = null;
  private standing = 0;
  private artifact = '';
  private place: { dispose(): void } | null = null;
  private readonly unsubscribe: () => void;

  constructor(
    parent: HTMLElement,
    private readonly link: Link,
    private readonly base: string,
  ) {
    const { words, language } = wordsFor(link.wishes.languages);
    this.words = words;
    this.world = link.world;
    this.root = element('div', { class: 'phone', lang: language });
    parent.append(this.root);
    this.unsubscribe = this.world.subscribe((notice) => {
      const isOurs = 'exhibit' in notice && notice.exhibit.artifact === this.artifact;
      if (isOurs) this.annotated();
    });
    this.askConsent();
  }

  dispose(): void {
    this.unsubscribe();
    this.stopCamera();
    this.place?.dispose();
    this.root.remove();
  }

  // Before this is answered there is no camera, and nothing is sent.
  private askConsent(failure = ''): void {
    const { words } = this;
    const alert = failure ? [element('p', { role: 'alert', class: 'alert' }, failure)] : [];
    this.show(
      element('section', { class: 'consent' },
        element('h1', {}, words.title),
        element('p', {}, words.consent),
        element('p', {}, words.consentStop),
        ...alert,
        button(words.agree, () => void this.startCamera(), 'first'),
        element('a', { href: '#walk', class: 'button' }, words.decline),
      ),
    );
  }

  private async startCamera(): Promise<void> {
    this.card.replaceChildren(element('p', {}, this.words.starting));
    this.show(this.video, this.highlight.element, this.card, button(this.words.stop, () => this.withdraw(), 'stop'));
    try {
      this.camera = await Camera.open(this.video);
    } catch (error) {
      this.askConsent(this.failure(error));
      return;
    }
    this.link.agree({ camera: true });
    this.look();
  }

  private failure(error: unknown): string {
    const { failed } = this.words;
    const name = error instanceof DOMException ? error.name : '';
    if (!isSecureContext) return failed.insecure;
    return name in failed ? failed[name as keyof typeof failed] : failed.other;
  }

  private look(): void {
    this.artifact = '';
    this.card.dataset['verdict'] = 'looking';
    this.card.replaceChildren(element('p', {}, this.words.looking));
    this.watch?.stop();
    if (this.camera) this.watch = new Watch(this.camera, this.link, this.world, (seen) => this.seen(seen));
  }

  // What was agreed to is taken back: the session that had it ends.
  private withdraw(): void {
    this.stopCamera();
    this.link.agree({ camera: false });
    this.askConsent();
  }

  private stopCamera(): void {
    clearInterval(this.standing);
    this.watch?.stop();
    this.watch = null;
    this.camera?.stop();
    this.camera = null;
    this.highlight.clear();
  }

  private seen({ verdict, width, height, times }: Seen): void {
    if (verdict.kind === 'seen') {
      if (!verdict.isStale) this.highlight.show(verdict.sighting, width, height);
      this.sighted(verdict, times);
      return;
    }
    this.highlight.clear();
    this.artifact = '';
    this.card.dataset['verdict'] = verdict.kind;
    const text = this.words[verdict.kind];
    if (this.card.textContent !== text) this.card.replaceChildren(element('p', {}, text));
  }

  private sighted(verdict: Verdict & { kind: 'seen' }, times: readonly StageTime[]): void {
    const { sighting } = verdict;
    if (sighting.artifact !== this.artifact) {
      this.artifact = sighting.artifact;
      this.card.dataset['verdict'] = 'seen';
      this.card.dataset['artifact'] = sighting.artifact;
      this.card.replaceChildren(
        element('h1', { class: 'name' }),
        element('p', { class: 'facts hint' }),
        element('p', { class: 'sure', 'aria-live': 'off' }, element('meter', { min: '0', max: '100' }), element('span')),
        element('div', { class: 'row' },
          button(this.words.look, () => this.openPlace(), 'first'),
          button(this.words.again, () => this.look()),
        ),
        element(
          'details', { 'aria-live': 'off' }, element('summary', {}, this.words.why), element('p', { class: 'why' }),
          element('p', { class: 'evidence hint' }), element('p', { class: 'took' }),
        ),
        element('p', { class: 'label' }),
        element('ul', { class: 'annotations', 'aria-label': this.words.annotations }),
        element('p', { class: 'statement' }),
      );
      void this.describe(sighting.artifact);
    }
    const sure = percent(sighting.score);
    this.fill('.sure span', this.words.sure(sure));
    const meter = this.card.querySelector('meter');
    if (meter) {
      meter.value = sure;
      meter.setAttribute('aria-label', this.words.sure(sure));
    }
    this.fill('.why', sighting.inliers > 0 ? this.words.agreeing(sighting.inliers) : this.words.alike);
    this.fill('.evidence', sighting.evidence);
    this.card.dataset['stages'] = times.map(({ stage }) => stage).join(' ');
    this.fill('.took', journeyTold(times, this.words));
  }

  private async describe(artifact: string): Promise<void> {
    const told = await leaflet(this.base, artifact, this.link.wishes.languages).catch(() => null);
    if (artifact !== this.artifact) return;
    this.fill('.name', told?.title?.content ?? artifact, told?.title?.language);
    this.fill('.facts', told?.facts ?? '');
    this.fill('.label', told?.label?.content ?? '', told?.label?.language);
    this.fill('.statement', told?.requiredStatement ?? '');
    this.stand = before(artifact, await rooms(this.base).catch(() => []));
    clearInterval(this.standing);
    if (!this.stand || artifact !== this.artifact) return;
    // Standing before it, the visitor is told its annotations as in the walk.
    const { pose } = this.stand;
    this.link.move(pose);
    this.standing = window.setInterval(() => this.link.move(pose), 500);
    this.annotated();
  }

  private annotated(): void {
    const list = this.card.querySelector('.annotations');
    const exhibit = this.world.exhibits.get(this.artifact);
    if (!list || !exhibit) return;
    list.replaceChildren(...[...exhibit.annotations.values()].map((one) => element('li', {}, this.note(one))));
  }

  private note(annotation: Annotation): HTMLElement {
    const title = textOf(annotation.texts, TextKind.TITLE) ?? annotation.texts[0];
    const body = annotation.texts.find((text) => text !== title);
    const lang = title?.language ?? '';
    return element('details', { lang }, element('summary', {}, title?.content ?? annotation.name), element('p', {}, body?.content ?? ''));
  }

  private openPlace(): void {
    const { artifact } = this;
    const title = this.card.querySelector('.name')?.textContent ?? artifact;
    // A phone gives its camera to one user at a time: immersive AR could not have it.
    this.stopCamera();
    const host = element('div', { class: 'place' });
    this.show(host);
    this.place = openPlace(host, { artifact, title, base: this.base, words: this.words }, () => {
      this.place?.dispose();
      this.place = null;
      this.artifact = '';
      void this.startCamera();
    });
  }

  private fill(selector: string, text: string, language?: string): void {
    const found = this.card.querySelector<HTMLElement>(selector);
    if (!found || found.textContent === text) return;
    found.textContent = text;
    if (language) found.lang = language;
  }

  private show(...children: readonly Node[]): void {
    this.root.replaceChildren(connectionStatus(this.world, this.link, this.words), ...children);
  }
}
