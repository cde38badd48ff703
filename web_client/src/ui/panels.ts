/** The page around the picture, kept in step with the world and the walk. */
import type { Stage } from '../scene/stage';
import { textOf, type Annotation, type Exhibit, type Notice, type World } from '../world/world';
import type { Visitor } from '../world/visitor';
import { TextKind } from '../protocol/generated/choices';
import { button, element } from './element';
import { FloorPlan } from './map';
import { Outline } from './outline';
import { described, Reader } from './reader';
import { Status } from './status';
import { wordsFor, type Words } from './strings';
import { NARROW, Tags } from './tags';
import { Voice } from './voice';
import { WishForm } from './wishes';
import './panels.css';

type Drawer = 'exhibits' | 'map' | 'wishes';
const DRAWERS: readonly Drawer[] = ['exhibits', 'map', 'wishes'];
const SIGNS: Readonly<Record<Drawer, string>> = { exhibits: '☰', map: '⌖', wishes: '⚙' };

export class Panels {
  private readonly root = element('div', 'twin-page');
  private readonly status: Status;
  private readonly voice = new Voice();
  private readonly reader: Reader;
  private readonly tags: Tags;
  private readonly outline: Outline;
  private readonly map: FloorPlan;
  private readonly form: WishForm;
  private readonly chip: HTMLButtonElement;
  private readonly said = element('p', 'twin-hidden', { role: 'status' });
  private readonly bar = element('div', 'twin-bar');
  private readonly drawers = new Map<Drawer, { readonly toggle: HTMLButtonElement; readonly panel: HTMLElement }>();
  private readonly endings: (() => void)[] = [];
  private words: Words;
  private near = '';
  private listed = '';
  private going = '';

  constructor(
    private readonly parent: HTMLElement,
    private readonly world: World,
    private readonly visitor: Visitor,
    private readonly stage: Stage,
  ) {
    this.status = new Status(() => visitor.reconnect());
    this.reader = new Reader(
      this.voice,
      () => this.close(),
      (annotation) => this.openNote(annotation),
    );
    this.tags = new Tags(stage, (annotation) => this.openNote(annotation));
    this.outline = new Outline((artifact) => this.visit(artifact));
    this.map = new FloorPlan(
      (gallery) => stage.enter(gallery),
      (point) => stage.walkTo(point),
    );
    this.form = new WishForm(visitor, () => this.draw());
    this.words = wordsFor(visitor.wishes.languages);
    this.chip = button('', 'twin-chip', () => this.openNear());
    this.arrange();
    this.listen();
    this.draw();
  }

  dispose(): void {
    this.voice.stop();
    for (const end of this.endings) end();
    this.root.remove();
  }

  private arrange(): void {
    const panels: Record<Drawer, HTMLElement> = {
      exhibits: this.outline.root,
      map: this.map.root,
      wishes: this.form.root,
    };
    for (const drawer of DRAWERS) {
      const panel = element('div', `twin-drawer twin-drawer-${drawer}`, { hidden: true, id: `twin-${drawer}` });
      panel.append(panels[drawer]);
      const toggle = button('', 'twin-toggle', () => this.toggle(drawer));
      toggle.setAttribute('aria-controls', panel.id);
      this.drawers.set(drawer, { toggle, panel });
      this.bar.append(toggle);
      this.root.append(panel);
      panel.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') this.toggle(drawer, false);
      });
    }
    this.bar.setAttribute('role', 'group');
    this.root.prepend(this.status.root, this.bar);
    this.root.append(this.tags.root, this.chip, this.reader.root, this.voice.caption, this.said);
    this.parent.append(this.root);
  }

  private listen(): void {
    this.voice.onChange = () => this.drawReader();
    this.endings.push(
      this.world.subscribe((notice) => this.hear(notice)),
      this.stage.subscribe((notice) => {
        if (notice === 'planned' && this.stage.plan) this.map.lay(this.stage.plan, this.words);
        if (notice === 'progress') this.status.progress(this.stage.progress, this.words);
        if (notice === 'opened') this.drawOpened();
        if (notice === 'arrived') this.arrived();
      }),
      this.stage.eachFrame(() => this.eachFrame()),
    );
    const clock = setInterval(() => this.drawConnection(), 1000);
    this.endings.push(() => clearInterval(clock));
  }

  private hear(notice: Notice): void {
    if (notice.kind === 'connection') this.drawConnection();
    else if (notice.kind === 'focus') this.lookAt(notice.focus.artifact);
    else if (notice.kind === 'recognition' || notice.kind === 'answer' || notice.kind === 'gallery') return;
    else {
      this.drawOutline();
      this.status.progress(this.stage.progress, this.words);
      if (notice.exhibit.artifact === this.stage.opened?.artifact) this.drawReader();
      if (notice.exhibit.artifact === this.near) this.lookAt(this.near);
    }
  }

  /** Everything anew, in the language wished for. */
  private draw(): void {
    const { words } = this;
    this.words = wordsFor(this.visitor.wishes.languages);
    document.documentElement.lang = this.words.language;
    document.documentElement.classList.toggle('twin-contrast', this.form.page.highContrast);
    this.root.style.setProperty('--twin-scale', String(0.8 + this.visitor.wishes.textSize * 0.6));
    this.stage.opensByGaze = this.form.page.opensByGaze;
    const { domElement } = this.stage.renderer;
    domElement.setAttribute('role', 'application');
    domElement.ariaLabel = `${this.words.walkName}. ${this.words.walkHelp}`;
    for (const drawer of DRAWERS) this.drawToggle(drawer);
    this.form.draw(this.words);
    if (this.stage.plan && words !== this.words) this.map.lay(this.stage.plan, this.words);
    this.listed = '';
    this.drawOutline();
    this.drawConnection();
    this.status.progress(this.stage.progress, this.words);
    this.lookAt(this.near);
    this.drawReader();
  }

  private drawToggle(drawer: Drawer): void {
    const { toggle, panel } = this.drawers.get(drawer) as { toggle: HTMLButtonElement; panel: HTMLElement };
    const sign = element('span', 'twin-sign', { ariaHidden: 'true', textContent: SIGNS[drawer] });
    toggle.replaceChildren(sign, this.words[drawer]);
    toggle.ariaExpanded = String(!panel.hidden);
  }

  /** Opens a drawer, or closes it; only one is open. */
  private toggle(drawer: Drawer, isOpen?: boolean): void {
    for (const [name, { toggle, panel }] of this.drawers) {
      const was = !panel.hidden;
      panel.hidden = name === drawer ? !(isOpen ?? !was) : true;
      if (was && panel.hidden && panel.contains(document.activeElement)) toggle.focus();
      this.drawToggle(name);
    }
    if (!this.drawers.get(drawer)?.panel.hidden) {
      this.drawers.get(drawer)?.panel.querySelector<HTMLElement>('button, select, input')?.focus();
    }
  }

  private drawConnection(): void {
    this.status.connection(this.world.connection, this.words, performance.now());
  }

  private drawOutline(): void {
    const { at } = this.stage.place;
    const exhibits = [...this.world.exhibits.values()].sort((a, b) => flat(a, at) - flat(b, at));
    // Lists that change under the hand are a nuisance: only when something else is in them.
    const listed = exhibits.map(({ artifact, texts }) => artifact + (texts[0]?.content ?? '')).sort().join();
    if (listed === this.listed) return;
    this.listed = listed;
    this.outline.draw(exhibits, this.words);
  }

  /** The exhibit that the server says is looked at. */
  private lookAt(artifact: string): void {
    this.near = artifact;
    const exhibit = this.world.exhibits.get(artifact);
    const title = exhibit && textOf(exhibit.texts, TextKind.TITLE);
    const isReadable = title !== undefined && this.stage.opened === null;
    this.chip.hidden = !isReadable;
    if (title && this.chip.textContent !== title.content) {
      this.chip.textContent = title.content;
      this.chip.lang = title.language;
      this.chip.ariaLabel = this.words.read(title.content);
    }
    this.drawTags();
  }

  private drawTags(): void {
    const { opened } = this.stage;
    const artifact = opened?.artifact ?? this.near;
    const annotations = this.world.exhibits.get(artifact)?.annotations.values() ?? [];
    this.tags.draw(artifact, [...annotations], opened?.annotation ?? null, this.words);
  }

  private openNear(): void {
    if (!this.near) return;
    this.stage.open({ artifact: this.near, annotation: null });
    this.reader.focus();
  }

  private openNote(annotation: Annotation | null): void {
    const artifact = annotation?.artifact ?? this.stage.opened?.artifact;
    if (artifact) this.stage.open({ artifact, annotation });
  }

  private close(): void {
    this.voice.stop();
    this.stage.open(null);
    this.stage.renderer.domElement.focus({ preventScroll: true });
  }

  private drawOpened(): void {
    const { opened } = this.stage;
    this.voice.stop();
    this.root.classList.toggle('is-reading', opened !== null);
    this.drawReader();
    this.lookAt(this.near);
    const exhibit = opened && this.world.exhibits.get(opened.artifact);
    if (!exhibit || !this.visitor.wishes.audioDescription) return;
    const texts = opened.annotation?.texts;
    const text = texts ? textOf(texts, TextKind.DESCRIPTION) : described(exhibit);
    if (text) this.voice.say(text.content, text.language, this.visitor.wishes.captions);
  }

  private drawReader(): void {
    const { opened } = this.stage;
    const exhibit = opened ? this.world.exhibits.get(opened.artifact) : undefined;
    this.reader.draw(opened, exhibit, this.words, this.visitor.wishes.captions);
  }

  private visit(artifact: string): void {
    this.going = artifact;
    if (this.stage.visit(artifact)) this.toggle('exhibits', false);
  }

  private arrived(): void {
    const exhibit = this.world.exhibits.get(this.going);
    this.going = '';
    if (!exhibit) return;
    this.stage.open({ artifact: exhibit.artifact, annotation: null });
    this.said.textContent = this.words.arrived(textOf(exhibit.texts, TextKind.TITLE)?.content ?? '');
    this.reader.focus();
  }

  private eachFrame(): void {
    const reader = this.reader.root;
    const isBeside = !reader.hidden && this.root.clientWidth > NARROW;
    const isBelow = !reader.hidden && !isBeside;
    this.stage.cover(isBeside ? reader.offsetWidth : 0, isBelow ? reader.offsetHeight : 0);
    this.tags.lay(isBeside ? reader.getBoundingClientRect().right : 0);
    const { at, heading } = this.stage.place;
    this.map.stand(at, heading, this.words);
  }
}

function flat({ position }: Exhibit, at: { readonly x: number; readonly z: number }): number {
  return Math.hypot(position[0] - at.x, position[2] - at.z);
}
