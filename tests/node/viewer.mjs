// In the browser: loads GLBs as a client does, tells what arrived, and draws them with a stated camera.
import * as THREE from 'three';
import { DRACOLoader } from 'three/addons/loaders/DRACOLoader.js';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { KTX2Loader } from 'three/addons/loaders/KTX2Loader.js';
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js';

const LIBRARIES = '/node/node_modules/three/examples/jsm/libs/';
const renderer = new THREE.WebGLRenderer({ antialias: false, preserveDrawingBuffer: true });
const loader = new GLTFLoader()
  .setMeshoptDecoder(MeshoptDecoder)
  .setDRACOLoader(new DRACOLoader().setDecoderPath(`${LIBRARIES}draco/gltf/`))
  .setKTX2Loader(new KTX2Loader().setTranscoderPath(`${LIBRARIES}basis/`).detectSupport(renderer));

const MAPS = ['map', 'normalMap', 'roughnessMap', 'metalnessMap', 'aoMap'];

/** Triangles, bounds in metres, and textures with their sizes, as they lie in the scene. */
window.told = async (url) => {
  const { scene } = await loader.loadAsync(url);
  scene.updateMatrixWorld(true);
  let triangles = 0;
  const textures = {};
  scene.traverse((node) => {
    if (!node.isMesh) return;
    const { index, attributes } = node.geometry;
    triangles += (index ? index.count : attributes.position.count) / 3;
    for (const name of MAPS) {
      const texture = node.material[name];
      if (texture) textures[name] = [texture.image.width, texture.image.height];
    }
  });
  const box = new THREE.Box3().setFromObject(scene, true);
  return { triangles, bounds: [box.min.toArray(), box.max.toArray()], textures };
};

/** RGBA of the scan from a pinhole camera: field of view from top to bottom, pose row by row. */
window.drawn = async (url, { width, height, degrees, pose }) => {
  const { scene } = await loader.loadAsync(url);
  const stage = new THREE.Scene();
  stage.add(scene, new THREE.AmbientLight(0xffffff, Math.PI));
  const camera = new THREE.PerspectiveCamera(degrees, width / height, 0.001, 100);
  camera.matrixAutoUpdate = false;
  camera.matrix.set(...pose.flat());
  camera.matrixWorldNeedsUpdate = true;
  renderer.setPixelRatio(1);
  renderer.setSize(width, height);
  renderer.setClearColor(0x000000, 0);
  renderer.render(stage, camera);
  const gl = renderer.getContext();
  const pixels = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return { triangles: renderer.info.render.triangles, rgba: Array.from(pixels) };
};

window.ready = true;
