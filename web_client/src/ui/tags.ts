/**
 * The notes' titles beside the exhibit that is looked at, with lines to their places. Text of the page and not of
 * the picture: as sharp and as large at every distance.
 */
import type { MarkOnScreen, Stage } from '../scene/stage';
import { textOf, type Annotation } from '../world/world';
import { TextKind } from '../protocol/generated/choices';
import { button, element } from './element';
import type { Words } from './strings';

const SVG = 'http://www.w3.org/2000/svg';
/** Pixels between the exhibit and its titles, and narrower than which a picture has no room for them. */
const GAP = 46;
export const NARROW = 720;
const LINE = 40;
/** Pixels that stay free at the picture's edge. */
const MARGIN = 10;

interface Tag {
  readonly annotation: Annotation;
  readonly button: HTMLButtonElement;
  readonly line: SVGPolylineElement;
}

export class Tags {
  readonly root = element('div', 'twin-tags');
  private readonly lines = document.createElementNS(SVG, 'svg');
  private tags: Tag[] = [];
  private artifact = '';
  private covered = 0;

  constructor(
    private readonly stage: Stage,
    private readonly onOpen: (annotation: Annotation) => void,
  ) {
    this.lines.setAttribute('aria-hidden', 'true');
    this.lines.setAttribute('class', 'twin-lines');
    this.root.append(this.lines);
  }

  /** Titles of these annotations of an artifact; those of another are gone. */
  draw(artifact: string, annotations: readonly Annotation[], open: Annotation | null, words: Words): void {
    this.artifact = artifact;
    for (const tag of this.tags) {
      tag.button.remove();
      tag.line.remove();
    }
    this.tags = annotations.map((annotation) => {
      const title = textOf(annotation.texts, TextKind.TITLE);
      const name = title?.content ?? annotation.name;
      const tag = button(name, 'twin-tag', () => this.onOpen(annotation));
      tag.ariaLabel = words.annotation(name);
      tag.lang = title?.language ?? '';
      tag.hidden = true;
      tag.classList.toggle('is-open', open?.name === annotation.name);
      const line = document.createElementNS(SVG, 'polyline');
      this.root.append(tag);
      this.lines.append(line);
      return { annotation, button: tag, line };
    });
  }

  /** Lays them out for the frame just drawn; `covered` pixels at the left are something else's. */
  lay(covered: number): void {
    this.covered = covered;
    const found = this.tags.length > 0 ? this.stage.marks(this.artifact) : null;
    const isNarrow = this.root.clientWidth < NARROW;
    const places = new Map(found?.marks.map((mark) => [mark.annotation.name, mark]));
    for (const side of ['left', 'right'] as const) {
      const here = this.tags.filter((tag) => {
        const mark = places.get(tag.annotation.name);
        const isShown = !isNarrow && mark?.isSeen === true;
        show(tag, isShown);
        return isShown && (mark.x < (found?.middle.x ?? 0)) === (side === 'left');
      });
      if (found) this.column(here, places, found, side);
    }
  }

  private column(
    tags: readonly Tag[],
    places: ReadonlyMap<string, MarkOnScreen>,
    { middle, radius }: { middle: { x: number; y: number }; radius: number },
    side: 'left' | 'right',
  ): void {
    const at = (tag: Tag): MarkOnScreen => places.get(tag.annotation.name) as MarkOnScreen;
    const sorted = [...tags].sort((a, b) => at(a).y - at(b).y);
    const away = Math.min(radius * 0.8, this.root.clientWidth * 0.22) + GAP;
    const edge = side === 'left' ? middle.x - away : middle.x + away;
    let below = 76;
    for (const [index, tag] of sorted.entries()) {
      const mark = at(tag);
      const rest = (sorted.length - 1 - index) * LINE;
      const y = Math.max(below, Math.min(mark.y, this.root.clientHeight - 60 - rest));
      below = y + LINE;
      const wide = tag.button.offsetWidth + MARGIN;
      const x = side === 'left' ? Math.max(edge, this.covered + wide) : Math.min(edge, this.root.clientWidth - wide);
      tag.button.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px) translate(${side === 'left' ? '-100%' : '0'}, -50%)`;
      const elbow = side === 'left' ? x + 14 : x - 14;
      tag.line.setAttribute('points', `${x},${y} ${elbow},${y} ${mark.x},${mark.y}`);
    }
  }
}

function show(tag: Tag, isShown: boolean): void {
  if (tag.button.hidden === !isShown) return;
  tag.button.hidden = !isShown;
  tag.line.style.display = isShown ? '' : 'none';
}
