/** Materials of the building, their textures drawn here: oak boards, plaster. Nothing is downloaded for them. */
import {
  CanvasTexture,
  Color,
  MeshBasicMaterial,
  MeshStandardMaterial,
  RepeatWrapping,
  SRGBColorSpace,
  type Texture,
} from 'three';

/** A reproducible stream of numbers from 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function drawn(size: number, draw: (context: CanvasRenderingContext2D, chance: () => number) => void): CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  draw(canvas.getContext('2d') as CanvasRenderingContext2D, numbers(7));
  const texture = new CanvasTexture(canvas);
  texture.wrapS = texture.wrapT = RepeatWrapping;
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 8;
  return texture;
}

/** Oak boards, 14 cm wide; the tile is 2.24 m a side. */
export const OAK_TILE = 2.24;

function oak(): CanvasTexture {
  return drawn(1024, (context, chance) => {
    const boards = 16;
    const wide = 1024 / boards;
    for (let k = 0; k < boards; k++) {
      const shift = chance() * 1024;
      for (const end of [0, 1]) drawBoard(context, chance, k * wide, wide, shift + end * 512);
    }
  });
}

function drawBoard(
  context: CanvasRenderingContext2D,
  chance: () => number,
  x: number,
  wide: number,
  start: number,
): void {
  const tone = chance();
  const base = new Color('#a27a50').lerp(new Color('#8a6440'), tone).offsetHSL((chance() - 0.5) * 0.008, 0, 0);
  for (const top of [start % 1024, (start % 1024) - 1024]) {
    context.save();
    context.beginPath();
    context.rect(x, top, wide, 512);
    context.clip();
    context.fillStyle = `#${base.getHexString()}`;
    context.fillRect(x, top, wide, 512);
    const grain = numbers(Math.floor(start * 31 + x));
    for (let g = 0; g < 26; g++) {
      const at = x + grain() * wide;
      const bend = (grain() - 0.5) * 14;
      context.strokeStyle = grain() < 0.6 ? 'rgba(70,42,20,0.10)' : 'rgba(235,205,160,0.08)';
      context.lineWidth = 0.6 + grain() * 2.2;
      context.beginPath();
      context.moveTo(at, top);
      context.bezierCurveTo(at + bend, top + 170, at - bend, top + 340, at + bend * 0.4, top + 512);
      context.stroke();
    }
    context.fillStyle = 'rgba(38,24,12,0.55)';
    context.fillRect(x, top, 1.6, 512);
    context.fillRect(x, top, wide, 1.6);
    context.restore();
  }
}

function plaster(): CanvasTexture {
  return drawn(256, (context, chance) => {
    context.fillStyle = '#f2f2f2';
    context.fillRect(0, 0, 256, 256);
    for (let k = 0; k < 900; k++) {
      const light = chance() < 0.5;
      context.fillStyle = light ? 'rgba(255,255,255,0.022)' : 'rgba(0,0,0,0.009)';
      const [x, y, radius] = [chance() * 256, chance() * 256, 4 + chance() * 16];
      for (const dx of [-256, 0, 256]) {
        for (const dy of [-256, 0, 256]) {
          context.beginPath();
          context.ellipse(x + dx, y + dy, radius, radius * 0.4, chance() * 3.1, 0, 6.3);
          context.fill();
        }
      }
    }
  });
}

/** Materials that all rooms share. */
export class Surfaces {
  readonly oak = oak();
  readonly plaster = plaster();
  readonly painted = new MeshBasicMaterial({ vertexColors: true });
  readonly glass: MeshStandardMaterial;
  readonly brass: MeshStandardMaterial;

  constructor(private readonly studio: Texture) {
    this.glass = new MeshStandardMaterial({
      color: '#eef6f4',
      roughness: 0.04,
      metalness: 0,
      transparent: true,
      opacity: 0.1,
      depthWrite: false,
      envMap: studio,
      envMapIntensity: 0.9,
    });
    this.brass = new MeshStandardMaterial({
      color: '#b8935f',
      roughness: 0.34,
      metalness: 0.9,
      envMap: studio,
      envMapIntensity: 0.6,
    });
  }

  /** A floor of boards under a baked light. */
  floor(light: Texture): MeshStandardMaterial {
    return new MeshStandardMaterial({
      map: this.oak,
      roughness: 0.42,
      lightMap: light,
      lightMapIntensity: Math.PI,
      envMap: this.studio,
      envMapIntensity: 0.14,
    });
  }

  /** Walls and ceilings. */
  matt(color: string | Color, light: Texture): MeshBasicMaterial {
    return new MeshBasicMaterial({ color, map: this.plaster, lightMap: light, lightMapIntensity: Math.PI });
  }

  dispose(): void {
    for (const each of [this.oak, this.plaster, this.painted, this.glass, this.brass]) each.dispose();
  }
}
