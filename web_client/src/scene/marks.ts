/** The marks of annotations on what is drawn: of constant size to the eye within bounds, hidden by what is before them. */
import {
  CanvasTexture,
  Group,
  NormalBlending,
  Quaternion,
  Sprite,
  SpriteMaterial,
  Vector3,
} from 'three';
import type { Annotation, Exhibit } from '../world/world';

/** Radians across, and bounds of the diameter in metres. */
const ANGLE = 0.026;
const SMALLEST = 0.006;
const LARGEST = 0.16;

interface Mark {
  readonly annotation: Annotation;
  readonly sprite: Sprite;
  /** In the museum. */
  readonly at: Vector3;
  readonly normal: Vector3;
}

/** A mark as it stands to the eye. */
export interface Seen {
  readonly annotation: Annotation;
  readonly at: Vector3;
  /** Its surface is turned to the eye. */
  readonly faces: boolean;
}

function ring(isOpen: boolean): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 128;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.lineWidth = 12;
  context.strokeStyle = 'rgba(20,16,12,0.75)';
  context.fillStyle = isOpen ? '#ffd27a' : '#fffaf0';
  for (const [radius, stroke] of [[50, true], [30, false]] as const) {
    context.beginPath();
    context.arc(64, 64, radius, 0, Math.PI * 2);
    if (stroke) {
      context.stroke();
      context.lineWidth = 6;
      context.strokeStyle = isOpen ? '#ffd27a' : '#fffaf0';
      context.stroke();
    } else context.fill();
  }
  return new CanvasTexture(canvas);
}

export class Marks {
  readonly group = new Group();
  private readonly marks = new Map<string, Mark>();
  private readonly closed = new SpriteMaterial({ map: ring(false), depthWrite: false, blending: NormalBlending });
  private readonly opened = new SpriteMaterial({ map: ring(true), depthWrite: false, blending: NormalBlending });

  add(exhibit: Exhibit, annotation: Annotation): void {
    this.remove(annotation);
    const turn = new Quaternion(...exhibit.orientation);
    const sprite = new Sprite(this.closed);
    sprite.renderOrder = 20;
    const at = new Vector3(...annotation.position).applyQuaternion(turn).add(new Vector3(...exhibit.position));
    const normal = new Vector3(...annotation.normal).applyQuaternion(turn);
    this.marks.set(key(annotation), { annotation, sprite, at, normal });
    this.group.add(sprite);
  }

  remove(annotation: Annotation): void {
    const mark = this.marks.get(key(annotation));
    mark?.sprite.removeFromParent();
    this.marks.delete(key(annotation));
  }

  removeOf(artifact: string): void {
    for (const { annotation } of [...this.marks.values()]) {
      if (annotation.artifact === artifact) this.remove(annotation);
    }
  }

  /** Marks of one artifact, as they stand to the eye. */
  of(artifact: string, eye: Vector3): Seen[] {
    const found = [...this.marks.values()].filter((mark) => mark.annotation.artifact === artifact);
    return found.map(({ annotation, at, normal }) => ({
      annotation,
      at,
      faces: eye.clone().sub(at).normalize().dot(normal) > 0.05,
    }));
  }

  /** Sizes them for an eye. Each stands before its surface by most of its radius, so that no curve cuts it. */
  turn(eye: Vector3, open: Annotation | null): void {
    const toEye = new Vector3();
    for (const { annotation, sprite, at, normal } of this.marks.values()) {
      toEye.subVectors(eye, at);
      const distance = toEye.length();
      const size = Math.min(Math.max(distance * ANGLE, SMALLEST), LARGEST);
      toEye.multiplyScalar(1 / distance);
      sprite.visible = toEye.dot(normal) > 0.02;
      sprite.position.copy(at).addScaledVector(toEye, size * 0.45 + 0.004);
      sprite.scale.setScalar(size);
      sprite.material = open && key(open) === key(annotation) ? this.opened : this.closed;
    }
  }

  /** The mark nearest to a ray, within an angle in radians. */
  nearest(origin: Vector3, direction: Vector3, within: number): Annotation | null {
    let best: Annotation | null = null;
    let least = within;
    for (const { annotation, sprite, at } of this.marks.values()) {
      if (!sprite.visible) continue;
      const angle = at.clone().sub(origin).angleTo(direction);
      if (angle < least) [best, least] = [annotation, angle];
    }
    return best;
  }

  dispose(): void {
    for (const material of [this.closed, this.opened]) {
      material.map?.dispose();
      material.dispose();
    }
  }
}

export const key = ({ artifact, name }: Annotation): string => `${artifact}\n${name}`;
