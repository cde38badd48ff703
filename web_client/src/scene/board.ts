/** A text in a headset: a board beside what it is about, of constant size to the eye, with a line to the place. */
import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Group,
  Line,
  LineBasicMaterial,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  SRGBColorSpace,
  Vector3,
} from 'three';
import { broken } from './cards';

const [WIDTH, HEIGHT] = [1024, 640];
/** Radians across at any distance, and bounds of the width in metres. */
const ANGLE = 0.52;
const NARROWEST = 0.3;
const WIDEST = 1.6;
const FACE = 'system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';

export class Board {
  readonly group = new Group();
  private readonly canvas = document.createElement('canvas');
  private readonly texture: CanvasTexture;
  private readonly sheet: Mesh<PlaneGeometry, MeshBasicMaterial>;
  private readonly line: Line<BufferGeometry, LineBasicMaterial>;
  private readonly about = new Vector3();
  private reach = 0.3;

  constructor() {
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.texture = new CanvasTexture(this.canvas);
    this.texture.colorSpace = SRGBColorSpace;
    const material = new MeshBasicMaterial({ map: this.texture, transparent: true, toneMapped: false });
    this.sheet = new Mesh(new PlaneGeometry(1, HEIGHT / WIDTH), material);
    const ends = new BufferGeometry().setAttribute('position', new BufferAttribute(new Float32Array(6), 3));
    this.line = new Line(ends, new LineBasicMaterial({ color: '#ffd27a' }));
    this.line.frustumCulled = false;
    this.sheet.renderOrder = 30;
    this.group.add(this.sheet, this.line);
    this.group.visible = false;
  }

  /** Shows a text about a point of the museum; `reach`: how far beside it the board's near edge stands, metres. */
  show(title: string, body: string, about: Vector3, reach: number, scale: number): void {
    this.about.copy(about);
    this.reach = reach;
    this.write(title, body, scale);
    this.group.visible = true;
  }

  hide(): void {
    this.group.visible = false;
  }

  turn(eye: Vector3): void {
    if (!this.group.visible) return;
    const to = this.about.clone().sub(eye);
    const distance = to.length();
    const width = Math.min(Math.max(distance * ANGLE, NARROWEST), WIDEST);
    const aside = new Vector3(-to.z, 0, to.x).normalize();
    this.sheet.position.copy(this.about).addScaledVector(aside, this.reach + width * 0.55);
    this.sheet.position.addScaledVector(to.normalize(), -Math.min(0.15, distance * 0.1));
    this.sheet.scale.setScalar(width);
    this.sheet.lookAt(eye);
    const near = this.sheet.position.clone().addScaledVector(aside, -width / 2);
    const ends = this.line.geometry.getAttribute('position') as BufferAttribute;
    ends.setXYZ(0, this.about.x, this.about.y, this.about.z);
    ends.setXYZ(1, near.x, near.y, near.z);
    ends.needsUpdate = true;
  }

  dispose(): void {
    this.group.removeFromParent();
    this.sheet.geometry.dispose();
    this.sheet.material.dispose();
    this.line.geometry.dispose();
    this.line.material.dispose();
    this.texture.dispose();
  }

  private write(title: string, body: string, scale: number): void {
    const context = this.canvas.getContext('2d') as CanvasRenderingContext2D;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = 'rgba(22,19,16,0.94)';
    context.beginPath();
    context.roundRect(0, 0, WIDTH, HEIGHT, 28);
    context.fill();
    context.textBaseline = 'top';
    const [large, small] = [52 * scale, 36 * scale];
    let y = 44;
    for (const [text, size, color, weight] of [[title, large, '#ffe2ab', 600], [body, small, '#f6f1e6', 400]] as const) {
      context.font = `${weight} ${size}px ${FACE}`;
      context.fillStyle = color;
      for (const line of broken(context, text, WIDTH - 100)) {
        if (y + size > HEIGHT - 30) break;
        context.fillText(line, 50, y);
        y += size * 1.36;
      }
      y += size * 0.4;
    }
    this.texture.needsUpdate = true;
  }
}
