/** The plan of the museum: where one is, where one may go. A list of galleries for keys and readers, a drawing for eyes. */
import { Vector3 } from 'three';
import type { Plan, PlannedRoom } from '../scene/plan';
import { button, element, renew } from './element';
import { named, type Words } from './strings';

const SVG = 'http://www.w3.org/2000/svg';
/** Metres around the plan. */
const MARGIN = 0.8;

function shape(tag: string, attributes: Readonly<Record<string, string | number>>, className: string): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.setAttribute('class', className);
  return made;
}

export class FloorPlan {
  readonly root = element('div', 'twin-map');
  private readonly drawing = document.createElementNS(SVG, 'svg');
  private readonly here = shape('path', { d: 'M0 -0.85 L0.55 0.55 L0 0.25 L-0.55 0.55 Z' }, 'twin-here');
  private readonly rooms = element('ul', 'twin-rooms');
  private readonly label = element('p', 'twin-here-text');
  private plan: Plan | null = null;
  private current = '';

  constructor(
    private readonly onEnter: (gallery: string) => void,
    private readonly onWalk: (point: Vector3) => void,
  ) {
    this.drawing.setAttribute('aria-hidden', 'true');
    this.drawing.addEventListener('click', (event) => this.clicked(event));
    this.root.append(this.drawing, this.label, this.rooms);
  }

  lay(plan: Plan, words: Words): void {
    this.plan = plan;
    this.current = '';
    const corners = plan.rooms.flatMap((room) => cornersOf(room));
    const [left, top] = [Math.min(...corners.map(([x]) => x)), Math.min(...corners.map(([, z]) => z))];
    const [right, bottom] = [Math.max(...corners.map(([x]) => x)), Math.max(...corners.map(([, z]) => z))];
    const [width, height] = [right - left + 2 * MARGIN, bottom - top + 2 * MARGIN];
    this.drawing.setAttribute('viewBox', `${left - MARGIN} ${top - MARGIN} ${width} ${height}`);
    this.drawing.replaceChildren(...plan.rooms.flatMap((room) => drawingOf(room)), this.here);
    renew(
      this.rooms,
      plan.rooms.map(({ room }) => {
        const name = named(room.name, words, room.slug);
        const enter = button(name, 'twin-room', () => this.onEnter(room.slug));
        enter.ariaLabel = words.enterRoom(name);
        enter.dataset.key = room.slug;
        return element('li', '', {}, enter);
      }),
    );
  }

  /** Where the visitor is. */
  stand(at: Vector3, heading: number, words: Words): void {
    this.here.setAttribute('transform', `translate(${at.x} ${at.z}) rotate(${(-heading * 180) / Math.PI})`);
    const room = this.plan?.at(at)?.room;
    if (!room || room.slug + words.language === this.current) return;
    this.current = room.slug + words.language;
    this.label.textContent = words.youAreHere(named(room.name, words, room.slug));
    for (const each of this.rooms.querySelectorAll('button')) {
      const isHere = each.dataset.key === room.slug;
      if (isHere) each.setAttribute('aria-current', 'location');
      else each.removeAttribute('aria-current');
    }
  }

  private clicked(event: MouseEvent): void {
    const matrix = this.drawing.getScreenCTM();
    if (!matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    this.onWalk(new Vector3(x, 0, y));
  }
}

function cornersOf(room: PlannedRoom): [number, number][] {
  const [x, z] = [room.width / 2, room.depth / 2];
  return [[-x, -z], [x, -z], [x, z], [-x, z]].map(([a, b]) => {
    const corner = new Vector3(a, 0, b).applyMatrix4(room.toSite);
    return [corner.x, corner.z];
  });
}

const listed = (corners: readonly (readonly [number, number])[]): string => corners.map((c) => c.join(' ')).join(', ');

function drawingOf(room: PlannedRoom): SVGElement[] {
  const walls = shape('polygon', { points: listed(cornersOf(room)), fill: room.wallColor }, 'twin-plan-room');
  const doors = room.room.doors.map((door) => {
    const sill = room.sill(door);
    return shape('circle', { cx: sill.x, cy: sill.z, r: door.width / 2 }, 'twin-plan-door');
  });
  const exhibits = room.room.placements.map((placed) => {
    const [low, high] = placed.bounds;
    const middle = new Vector3((low[0] + high[0]) / 2, 0, (low[2] + high[2]) / 2).applyMatrix4(room.toSite);
    return shape('circle', { cx: middle.x, cy: middle.z, r: 0.3 }, 'twin-plan-exhibit');
  });
  return [walls, ...doors, ...exhibits];
}
