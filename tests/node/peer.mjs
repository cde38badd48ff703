// glTF-Transform's own simplifier and meshopt encoder: input GLB, output GLB, share of the triangles to keep.
import { NodeIO } from '@gltf-transform/core';
import { ALL_EXTENSIONS } from '@gltf-transform/extensions';
import { meshopt, simplify, weld } from '@gltf-transform/functions';
import { MeshoptEncoder, MeshoptSimplifier } from 'meshoptimizer';

await Promise.all([MeshoptEncoder.ready, MeshoptSimplifier.ready]);
const io = new NodeIO().registerExtensions(ALL_EXTENSIONS).registerDependencies({ 'meshopt.encoder': MeshoptEncoder });
const [source, target, ratio] = process.argv.slice(2);
const document = await io.read(source);
const started = performance.now();
await document.transform(weld(), simplify({ simplifier: MeshoptSimplifier, ratio: Number(ratio), error: 1 }));
const simplified = performance.now() - started;
await document.transform(meshopt({ encoder: MeshoptEncoder, level: 'medium' }));
await io.write(target, document);
console.log(JSON.stringify({ simplify_s: simplified / 1000 }));
