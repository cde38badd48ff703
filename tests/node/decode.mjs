// glTF-Transform as an independent reader: pairs of paths, each GLB decoded and written without any extension
// that a plain reader lacks. Prints one JSON line a file: its extensions and how its indices are stored.
import { NodeIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { dequantize } from '@gltf-transform/functions';
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
  await document.transform(dequantize());
  for (const extension of root.listExtensionsUsed()) {
    if (extension.extensionName !== 'KHR_texture_transform') extension.dispose();
  }
  await io.write(paths[at + 1], document);
  console.log(JSON.stringify({ extensions, required: json.extensionsRequired ?? [], json }));
}

function readJson(bytes) {
  return JSON.parse(bytes.subarray(20, 20 + bytes.readUInt32LE(12)).toString());
}
