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
const GAP = 32;
export const NARROW = 720;
/** Pixels of the narrowest and the widest title, between titles, and that stay free at the picture's edge. */
const LEAST = 120;
const MOST = 290;
const BETWEEN = 6;
const MARGIN = 10;
/** Share of the picture's width that an exhibit keeps free of titles to either side of its middle, at most. */
const KEPT = 0.3;
/** Pixels at the top and bottom that the page's own bars have. */
const TOP = 62;
const BOTTOM = 40;

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

  /**
   * Lays them out for the frame just drawn, beside the exhibit and never over it: where a side has no room, its
   * titles go to the other side, and where neither has, the marks and the list must do. `covered` pixels at the
   * left are something else's.
   */
  lay(covered: number): void {
    const found = this.tags.length > 0 ? this.stage.marks(this.artifact) : null;
    const wide = this.root.clientWidth;
    const places = new Map(found?.marks.map((mark) => [mark.annotation.name, mark]));
    const seen = this.tags.filter((tag) => places.get(tag.annotation.name)?.isSeen === true);
    if (!found || wide < NARROW) {
      for (const tag of this.tags) show(tag, false);
      return;
    }
    const away = Math.min(found.radius, wide * KEPT) + GAP;
    const edges = { left: found.middle.x - away, right: found.middle.x + away };
    const room = { left: edges.left - covered - MARGIN, right: wide - MARGIN - edges.right };
    const sides = { left: [] as Tag[], right: [] as Tag[] };
    for (const tag of seen) {
      const nearer = (places.get(tag.annotation.name)?.x ?? 0) < found.middle.x ? 'left' : 'right';
      const side = room[nearer] >= LEAST ? nearer : nearer === 'left' ? 'right' : 'left';
      if (room[side] >= LEAST) sides[side].push(tag);
    }
    for (const tag of this.tags) show(tag, sides.left.includes(tag) || sides.right.includes(tag));
    for (const side of ['left', 'right'] as const) {
      this.column(sides[side], places, side, { edge: edges[side], room: Math.min(room[side], MOST) });
    }
  }

  private column(
    tags: readonly Tag[],
    places: ReadonlyMap<string, MarkOnScreen>,
    side: 'left' | 'right',
    { edge, room }: { edge: number; room: number },
  ): void {
    const at = (tag: Tag): MarkOnScreen => places.get(tag.annotation.name) as MarkOnScreen;
    const sorted = [...tags].sort((a, b) => at(a).y - at(b).y);
    for (const { button: title } of sorted) title.style.maxWidth = `${Math.floor(room)}px`;
    const heights = sorted.map((tag) => tag.button.offsetHeight + BETWEEN);
    let above = TOP;
    let rest = heights.reduce((sum, one) => sum + one, 0);
    for (const [index, tag] of sorted.entries()) {
      const mark = at(tag);
      const half = (heights[index] as number) / 2;
      const lowest = this.root.clientHeight - BOTTOM - rest + half;
      const y = Math.max(above + half, Math.min(mark.y, lowest));
      above = y + half;
      rest -= 2 * half;
      tag.button.style.transform = `translate(${Math.round(edge)}px, ${Math.round(y)}px) translate(${side === 'left' ? '-100%' : '0'}, -50%)`;
      const elbow = side === 'left' ? edge + 14 : edge - 14;
      tag.line.setAttribute('points', `${edge},${y} ${elbow},${y} ${mark.x},${mark.y}`);
    }
  }
}

function show(tag: Tag, isShown: boolean): void {
  if (tag.button.hidden === !isShown) return;
  tag.button.hidden = !isShown;
  tag.line.style.display = isShown ? '' : 'none';
}
