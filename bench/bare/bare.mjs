// The least that shows a GLB: three.js, its loader, one file, one light. Notes when its first frame is drawn.
import { AmbientLight, Box3, PerspectiveCamera, Scene, Vector3, WebGLRenderer } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';

const renderer = new WebGLRenderer();
renderer.setSize(innerWidth, innerHeight);
document.body.append(renderer.domElement);
const scene = new Scene();
const camera = new PerspectiveCamera(58, innerWidth / innerHeight, 0.01, 20);
const loaded = await new GLTFLoader().loadAsync(new URLSearchParams(location.search).get('glb'));
scene.add(loaded.scene, new AmbientLight(0xffffff, 3));
const box = new Box3().setFromObject(loaded.scene);
const middle = box.getCenter(new Vector3());
camera.position.copy(middle).add(new Vector3(0, 0, 2 * box.getSize(new Vector3()).length()));
camera.lookAt(middle);
renderer.render(scene, camera);
performance.mark('bare');
