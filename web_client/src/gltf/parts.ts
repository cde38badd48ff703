/** What a model that was read consists of, and how it is given back. */
import { type Material, Mesh, type Object3D, Texture } from 'three';

export function materialsOf(model: Object3D): Set<Material> {
  const found = new Set<Material>();
  model.traverse((node) => {
    if (node instanceof Mesh) for (const each of [node.material as Material | Material[]].flat()) found.add(each);
  });
  return found;
}

/** Its own textures; the light around it (`envMap`) belongs to the room. */
export function texturesOf(material: Material): Texture[] {
  return Object.entries(material)
    .filter(([name]) => name !== 'envMap')
    .map(([, value]) => value as unknown)
    .filter((value): value is Texture => value instanceof Texture);
}

/** Gives back what a model holds on the graphics card and beside it. */
export function release(model: Object3D): void {
  for (const material of materialsOf(model)) {
    for (const texture of texturesOf(material)) {
      texture.dispose();
      const image = texture.image as unknown;
      if (typeof ImageBitmap !== 'undefined' && image instanceof ImageBitmap) image.close();
    }
    material.dispose();
  }
  model.traverse((node) => {
    if (node instanceof Mesh) node.geometry.dispose();
  });
}
