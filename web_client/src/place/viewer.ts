/** The artifact alone, to turn and come near: over the camera's picture, or over a plain ground. */
import {
  ACESFilmicToneMapping, Box3, type Group, PerspectiveCamera, Scene, Sphere, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import { release } from '../gltf/parts';
import { roomLight } from './light';

const VIEW_DEG = 40;
const KEY_STEP = Math.PI / 18;

export class Viewer {
  readonly renderer: WebGLRenderer;
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(VIEW_DEG, 1, 0.01, 50);
  private readonly controls: OrbitControls;
  private readonly resized: ResizeObserver;
  private model: Group | null = null;
  private due = 0;

  constructor(
    private readonly parent: HTMLElement,
    label: string,
  ) {
    this.renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    const canvas = this.renderer.domElement;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', label);
    canvas.tabIndex = 0;
    canvas.style.touchAction = 'none';
    parent.append(canvas);
    this.scene.environment = roomLight(this.renderer);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enablePan = false;
    canvas.addEventListener('keydown', (event) => this.key(event));
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(parent);
    this.fit();
    this.controls.addEventListener('change', this.draw);
  }

  /** Takes a model over, the whole of it in view. */
  show(model: Group): void {
    this.model = model;
    this.scene.add(model);
    this.framed(model);
    this.draw();
  }

  // Only when something moved: a picture that stands still costs no battery.
  private readonly draw = (): void => {
    cancelAnimationFrame(this.due);
    this.due = requestAnimationFrame(() => this.renderer.render(this.scene, this.camera));
  };

  dispose(): void {
    this.resized.disconnect();
    cancelAnimationFrame(this.due);
    this.controls.dispose();
    if (this.model) release(this.model);
    this.scene.environment?.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
  }

  // From a little above, the whole of it in view.
  private framed(model: Group): void {
    const sphere = new Box3().setFromObject(model).getBoundingSphere(new Sphere());
    const away = sphere.radius / Math.sin((VIEW_DEG / 2) * (Math.PI / 180)) * 1.1;
    this.camera.position.copy(sphere.center).add({ x: away * 0.35, y: away * 0.25, z: away * 0.9 });
    this.camera.near = away / 50;
    this.camera.far = away * 10;
    this.controls.target.copy(sphere.center);
    this.controls.minDistance = sphere.radius * 1.02;
    this.controls.maxDistance = away * 3;
    this.controls.update();
  }

  private fit(): void {
    const { clientWidth, clientHeight } = this.parent;
    this.camera.aspect = clientWidth / Math.max(1, clientHeight);
    this.camera.updateProjectionMatrix();
    this.renderer.setSize(clientWidth, clientHeight);
    // Another size empties the picture: it is filled before anybody sees it.
    this.renderer.render(this.scene, this.camera);
  }

  private key(event: KeyboardEvent): void {
    const turn = { ArrowLeft: [-KEY_STEP, 0], ArrowRight: [KEY_STEP, 0], ArrowUp: [0, -KEY_STEP], ArrowDown: [0, KEY_STEP] }[event.key];
    const zoom = { '+': 0.9, '=': 0.9, '-': 1 / 0.9 }[event.key];
    if (!turn && !zoom) return;
    event.preventDefault();
    const away = this.camera.position.clone().sub(this.controls.target);
    if (zoom) away.setLength(Math.min(this.controls.maxDistance, Math.max(this.controls.minDistance, away.length() * zoom)));
    if (turn) {
      const [around = 0, over = 0] = turn;
      const radius = away.length();
      const tilt = Math.min(Math.PI - 0.05, Math.max(0.05, Math.acos(away.y / radius) + over));
      const angle = Math.atan2(away.x, away.z) + around;
      away.set(Math.sin(tilt) * Math.sin(angle), Math.cos(tilt), Math.sin(tilt) * Math.cos(angle)).multiplyScalar(radius);
    }
    this.camera.position.copy(this.controls.target).add(away);
    this.controls.update();
  }
}
