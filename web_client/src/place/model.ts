/** An artifact's model for placing: loaded once, in metres, standing on its own origin. */
import { type Group, LoadingManager, type Mesh, type Object3D, Texture } from 'three';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { MeshoptDecoder } from 'three/examples/jsm/libs/meshopt_decoder.module.js';

/** Most triangles that a phone draws at ease beside its camera. */
export const PHONE_TRIANGLES = 60_000;
/** Extensions that `loadModel` can read. */
export const READABLE = ['meshopt'] as const;

export async function loadModel(url: string): Promise<Group> {
  const loader = new GLTFLoader(new LoadingManager()).setMeshoptDecoder(MeshoptDecoder);
  return (await loader.loadAsync(url)).scene;
}

/** Frees what the model holds on the graphics card. */
export function release(model: Object3D): void {
  model.traverse((part) => {
    const mesh = part as Partial<Mesh>;
    mesh.geometry?.dispose();
    for (const material of [mesh.material ?? []].flat()) {
      for (const value of Object.values(material)) if (value instanceof Texture) value.dispose();
      material.dispose();
    }
  });
}
