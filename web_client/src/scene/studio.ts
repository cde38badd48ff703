/** The light that exhibits are seen in: a photographer's studio, drawn once into an environment map. */
import {
  BackSide,
  BoxGeometry,
  Color,
  Mesh,
  MeshBasicMaterial,
  PMREMGenerator,
  PlaneGeometry,
  Scene,
  Vector3,
  type Texture,
  type WebGLRenderer,
} from 'three';

/** Softboxes around an artifact at the origin that faces +Z: place, width, height, light. */
const BOXES: readonly (readonly [x: number, y: number, z: number, w: number, h: number, color: string, light: number])[] =
  [
    [-1.6, 4.4, 3.2, 2.2, 1.6, '#fff1de', 30], // key, from above and the left
    [3.4, 2.6, 2.4, 1.2, 2.6, '#ffe9d2', 5.5], // fill
    [2.6, 3.8, -3.6, 2.4, 1.0, '#e4ecff', 15], // rim
    [-4.2, 1.6, -1.4, 0.8, 3.2, '#fff4e4', 4.5],
  ];

/** An environment whose +Z is the side artifacts face; free it with `dispose` on what is returned. */
export function studioLight(renderer: WebGLRenderer): { texture: Texture; dispose(): void } {
  const scene = new Scene();
  const shell = new BoxGeometry(12, 10, 12);
  const walls = ['#8a8178', '#8a8178', '#b3aea6', '#6d5238', '#948c83', '#5f5953'].map(
    (color) => new MeshBasicMaterial({ color: new Color(color).multiplyScalar(0.9), side: BackSide }),
  );
  scene.add(new Mesh(shell, walls));
  const sheet = new PlaneGeometry(1, 1);
  const lights = BOXES.map(([x, y, z, w, h, color, light]) => {
    const material = new MeshBasicMaterial({ color: new Color(color).multiplyScalar(light) });
    const box = new Mesh(sheet, material);
    box.position.set(x, y, z);
    box.scale.set(w, h, 1);
    box.lookAt(new Vector3(0, 0, 0));
    scene.add(box);
    return material;
  });
  const generator = new PMREMGenerator(renderer);
  const target = generator.fromScene(scene, 0.02, 0.1, 50);
  generator.dispose();
  for (const each of [shell, sheet, ...walls, ...lights]) each.dispose();
  return { texture: target.texture, dispose: () => target.dispose() };
}
