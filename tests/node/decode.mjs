// glTF-Transform as an independent reader: pairs of paths, each GLB decoded and written without any extension
// that a plain reader lacks. Prints one JSON line a file: its extensions and how its indices are stored.
import { NodeIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { dequantize, unpartition } from '@gltf-transform/functions';
import { readFile } from 'node:fs/promises';
import draco3d from 'draco3dgltf';
import { MeshoptDecoder } from 'meshoptimizer';

await MeshoptDecoder.ready;
const io = new NodeIO().registerExtensions(ALL_EXTENSIONS).registerDependencies({
  'meshopt.decoder': MeshoptDecoder,
  'draco3d.decoder': await draco3d.createDecoderModule(),
});
const paths = process.argv.slice(2);
for (let at = 0; at < paths.length; at += 2) {
  const json = readJson(await readFile(paths[at]));
  const document = await io.read(paths[at]);
  const root = document.getRoot();
  const extensions = root.listExtensionsUsed().map((extension) => extension.extensionName);
  await document.transform(dequantize(), unpartition());
  for (const mesh of root.listMeshes()) mesh.listPrimitives().forEach(applyTextureTransform);
  for (const extension of root.listExtensionsUsed()) extension.dispose();
  await io.write(paths[at + 1], document);
  console.log(JSON.stringify({ extensions, required: json.extensionsRequired ?? [], json }));
}

// KHR_texture_transform, offset and scale only: what compression uses to undo a grid.
function applyTextureTransform(primitive) {
  const material = primitive.getMaterial();
  const infos = [material?.getBaseColorTextureInfo(), material?.getNormalTextureInfo()];
  const transform = infos.map((info) => info?.getExtension('KHR_texture_transform')).find(Boolean);
  const texcoords = primitive.getAttribute('TEXCOORD_0');
  if (!transform || !texcoords) return;
  const [offset, scale] = [transform.getOffset(), transform.getScale()];
  const moved = texcoords.clone();
  for (let at = 0; at < moved.getCount(); at++) {
    moved.setElement(at, texcoords.getElement(at, []).map((value, axis) => offset[axis] + scale[axis] * value));
  }
  primitive.setAttribute('TEXCOORD_0', moved);
}

function readJson(bytes) {
  return JSON.parse(bytes.subarray(20, 20 + bytes.readUInt32LE(12)).toString());
}
