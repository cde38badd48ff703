/** The small cards beside exhibits: one texture and one draw call a room, written as texts arrive. */
import { CanvasTexture, Mesh, MeshBasicMaterial, SRGBColorSpace, Vector3 } from 'three';
import { textOf, type Exhibit } from '../world/world';
import { TextKind } from '../protocol/generated/choices';
import { PlannedRoom, type Placed } from './plan';
import { Pieces } from './shapes';

/** A card in metres, and in texels of the texture. */
const CARD = [0.18, 0.12] as const;
const CELL = [288, 192] as const;
const COLUMNS = 4;
const PAPER = '#f3eee3';
const INK = '#1f1c19';
const FACE = '"Noto Serif", "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", Georgia, serif';

export class LabelCards {
  readonly mesh: Mesh;
  private readonly canvas = document.createElement('canvas');
  private readonly texture: CanvasTexture;
  private readonly material: MeshBasicMaterial;
  private readonly cells = new Map<string, number>();

  constructor(planned: PlannedRoom) {
    const { placements } = planned.room;
    const rows = Math.max(1, Math.ceil(placements.length / COLUMNS));
    this.canvas.width = CELL[0] * COLUMNS;
    this.canvas.height = CELL[1] * rows;
    this.texture = new CanvasTexture(this.canvas);
    this.texture.colorSpace = SRGBColorSpace;
    this.texture.anisotropy = 4;
    this.material = new MeshBasicMaterial({ map: this.texture });
    const pieces = new Pieces();
    for (const [index, placed] of placements.entries()) {
      this.cells.set(placed.artifact, index);
      this.write(index, '', []);
      const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
      const { origin, u, v } = place(placed);
      pieces.sheet(origin, u, v, {
        uv: (s, t) => [(column + s) / COLUMNS, 1 - (row + 1 - t) / rows],
      });
    }
    this.mesh = new Mesh(pieces.done().geometry, this.material);
    this.mesh.name = 'labels';
  }

  /** Writes an exhibit's title and what of its label fits. */
  show({ artifact, texts }: Exhibit): void {
    const cell = this.cells.get(artifact);
    if (cell === undefined) return;
    const label = texts.filter((text) => text.purpose === TextKind.LABEL).map((text) => text.content);
    this.write(cell, textOf(texts, TextKind.TITLE)?.content ?? '', label);
    this.texture.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.material.dispose();
    this.texture.dispose();
  }

  private write(cell: number, title: string, label: readonly string[]): void {
    const context = this.canvas.getContext('2d') as CanvasRenderingContext2D;
    const [x, y] = [(cell % COLUMNS) * CELL[0], Math.floor(cell / COLUMNS) * CELL[1]];
    context.fillStyle = PAPER;
    context.fillRect(x, y, CELL[0], CELL[1]);
    context.fillStyle = INK;
    context.textBaseline = 'top';
    context.font = `700 23px ${FACE}`;
    let line = y + 18;
    for (const words of broken(context, title, CELL[0] - 36).slice(0, 3)) {
      context.fillText(words, x + 18, line);
      line += 28;
    }
    context.font = `400 15px ${FACE}`;
    line += 6;
    for (const words of label.flatMap((text) => broken(context, text, CELL[0] - 36))) {
      if (line > y + CELL[1] - 26) break;
      context.fillText(words, x + 18, line);
      line += 19;
    }
  }
}

/** Lines of at most `width`; broken at spaces, and between any two characters where there are none (CJK). */
export function broken(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const parts = text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/gu) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    if (line && context.measureText((line + part).trimEnd()).width > width) {
      lines.push(line.trimEnd());
      line = part.trimStart();
    } else line += part;
  }
  if (line.trim()) lines.push(line.trimEnd());
  return lines;
}

function place(placed: Placed): { origin: Vector3; u: Vector3; v: Vector3 } {
  const up = new Vector3(0, 1, 0);
  const turn = PlannedRoom.facing(placed);
  const [low, high] = placed.bounds.map((corner) => new Vector3(...corner)) as [Vector3, Vector3];
  const center = low.clone().add(high).multiplyScalar(0.5);
  const size = high.sub(low);
  const turned = (x: number, y: number, z: number): Vector3 => new Vector3(x, y, z).applyAxisAngle(up, turn);
  const [u, v] = [turned(CARD[0], 0, 0), new Vector3(0, CARD[1], 0)];
  let middle: Vector3;
  if (placed.support === 'wall') {
    const beside = Math.max(size.x, size.z) / 2 + 0.24;
    middle = center.clone().setY(1.3).add(turned(beside, 0, -Math.min(size.x, size.z) / 2 - 0.012));
  } else {
    const [, top, depth] = placed.support_size;
    middle = center.clone().setY(Math.min(top - 0.1, 0.98)).add(turned(0, 0, depth / 2 + 0.003));
  }
  return { origin: middle.addScaledVector(u, -0.5).addScaledVector(v, -0.5), u, v };
}
