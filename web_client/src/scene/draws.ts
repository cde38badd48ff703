/** What a picture costs, counted: for the budget that docs/clients.md states, and the tests that hold it. */
import { HalfFloatType, Mesh, Texture, type Object3D, type WebGLRenderer } from 'three';
import type { Draws } from './stage';

/** A texture with mipmaps takes a third more. */
const MIPMAPS = 4 / 3;

export function drawsOf(renderer: WebGLRenderer, scene: Object3D): Draws {
  const { render, memory } = renderer.info;
  return {
    calls: render.calls,
    triangles: render.triangles,
    geometries: memory.geometries,
    textures: memory.textures,
    textureBytes: [...texturesIn(scene)].reduce((sum, texture) => sum + bytesOf(texture), 0),
  };
}

function texturesIn(scene: Object3D): Set<Texture> {
  const found = new Set<Texture>();
  scene.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    for (const material of [node.material as object | object[]].flat()) {
      for (const value of Object.values(material) as unknown[]) if (value instanceof Texture) found.add(value);
    }
  });
  return found;
}

function bytesOf(texture: Texture): number {
  const { width = 0, height = 0 } = (texture.image ?? {}) as { width?: number; height?: number };
  const compressed = texture.mipmaps?.reduce(
    (sum, level) => sum + ((level as { data?: ArrayLike<number> }).data?.length ?? 0),
    0,
  );
  if ((texture as { isCompressedTexture?: boolean }).isCompressedTexture) return compressed ?? 0;
  return width * height * (texture.type === HalfFloatType ? 8 : 4) * (texture.generateMipmaps ? MIPMAPS : 1);
}
