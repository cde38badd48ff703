/** What was recognized, drawn over the camera's picture: its outline, and where the decision rests. */
import type { Sighting } from '../world/world';

const SVG = 'http://www.w3.org/2000/svg';

export class Highlight {
  readonly element = document.createElementNS(SVG, 'svg');
  private readonly outline = document.createElementNS(SVG, 'polygon');
  private readonly region = document.createElementNS(SVG, 'polygon');

  constructor() {
    this.element.setAttribute('class', 'highlight');
    this.element.setAttribute('aria-hidden', 'true');
    this.outline.setAttribute('class', 'outline');
    this.region.setAttribute('class', 'region');
    this.element.append(this.region, this.outline);
  }

  /** `corners` and `region`: x, y pairs in a picture of that size; none: not drawn. The video is shown by `cover`. */
  show({ corners, region }: Pick<Sighting, 'corners' | 'region'>, width: number, height: number): void {
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.element.setAttribute('preserveAspectRatio', 'xMidYMid slice');
    this.outline.setAttribute('points', corners.join(' '));
    this.region.setAttribute('points', region.join(' '));
  }

  clear(): void {
    for (const shape of [this.outline, this.region]) shape.setAttribute('points', '');
  }
}
