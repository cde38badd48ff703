/** The model as USDZ, for the system viewer of iPhones: made in the page, so that every published model has it. */
import { type Group, type Material, type Mesh, MeshStandardMaterial } from 'three';
import { USDZExporter } from 'three/examples/jsm/exporters/USDZExporter.js';

/** An address for `<a rel="ar">`; give it back with `URL.revokeObjectURL`. */
export async function usdzAddress(model: Group): Promise<string> {
  performance.mark('usdz');
  const bytes = await usdzOf(model);
  performance.measure('usdz', 'usdz');
  return URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'model/vnd.usdz+zip' }));
}

/** The archive's bytes: metres, +Y up, quick-look compatible. */
export async function usdzOf(model: Group): Promise<Uint8Array> {
  model.traverse((part) => {
    const mesh = part as Partial<Mesh>;
    if (mesh.material) mesh.material = plain(mesh.material as Material);
  });
  return (await new USDZExporter().parseAsync(model, { quickLookCompatible: true, maxTextureSize: 1024 })) as Uint8Array;
}

// The exporter knows standard materials only, and one side.
function plain(material: Material): Material {
  if (material instanceof MeshStandardMaterial && material.side === 0) return material;
  const made = new MeshStandardMaterial();
  if (material instanceof MeshStandardMaterial) made.copy(material);
  made.side = 0;
  return made;
}
