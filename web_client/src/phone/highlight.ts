/** The outline of what was recognized, drawn over the camera's picture. */
const SVG = 'http://www.w3.org/2000/svg';

export class Highlight {
  readonly element = document.createElementNS(SVG, 'svg');
  private readonly outline = document.createElementNS(SVG, 'polygon');

  constructor() {
    this.element.setAttribute('class', 'highlight');
    this.element.setAttribute('aria-hidden', 'true');
    this.element.append(this.outline);
  }

  /** `corners`: x, y pairs in a picture of that size; none: no outline. The video is shown by `cover`. */
  show(corners: readonly number[], width: number, height: number): void {
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.element.setAttribute('preserveAspectRatio', 'xMidYMid slice');
    this.outline.setAttribute('points', corners.join(' '));
  }

  clear(): void {
    this.outline.setAttribute('points', '');
  }
}
