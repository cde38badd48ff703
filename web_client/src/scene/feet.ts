/**
 * How a visitor moves at a screen: keys, mouse, touch. The rig stands on the floor and turns; the camera in it is
 * the head. A click on the floor walks there; dragging looks around.
 */
import { Euler, Plane, Raycaster, Vector2, Vector3, type Object3D, type PerspectiveCamera } from 'three';
import type { Plan } from './plan';

export const EYE_HEIGHT = 1.6;
export const SEATED_EYE = 1.2;
/** Metres a second, walking and in a hurry. */
const STRIDE = 1.5;
const HURRY = 2.9;
/** Radians a second by key; radians a pixel by dragging. */
const TURN = 1.5;
const DRAG = 0.0042;
const STEEPEST = 1.25;
/** Pixels a finger may tremble and milliseconds it may rest for a touch to be a tap. */
const TREMBLE = 8;
const TAP_MS = 450;

const KEYS: Readonly<Record<string, string>> = {
  KeyW: 'ahead', ArrowUp: 'ahead', KeyS: 'back', ArrowDown: 'back', KeyA: 'left', KeyD: 'right',
  KeyQ: 'turnLeft', ArrowLeft: 'turnLeft', KeyE: 'turnRight', ArrowRight: 'turnRight',
  PageUp: 'lookUp', PageDown: 'lookDown', ShiftLeft: 'hurry', ShiftRight: 'hurry',
};

export class Feet {
  /** Radians about +Y; 0 looks along -Z. */
  heading = 0;
  pitch = 0;
  eyeHeight = EYE_HEIGHT;
  plan: Plan | null = null;
  /** Called with what a tap meant, in normalized device coordinates; true: it was for something else. */
  onTap: (at: Vector2) => boolean = () => false;
  private readonly held = new Set<string>();
  /** Pressed since the last frame: where frames are slow, a short press counts for one. */
  private readonly struck = new Set<string>();
  private goal: Vector3 | null = null;
  private drag: { id: number; x: number; y: number; moved: number; since: number } | null = null;
  private readonly listening = new AbortController();
  private readonly ray = new Raycaster();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly rig: Object3D,
    private readonly camera: PerspectiveCamera,
  ) {
    const { signal } = this.listening;
    canvas.addEventListener('keydown', (event) => this.keyDown(event), { signal });
    canvas.addEventListener('keyup', (event) => this.held.delete(KEYS[event.code] ?? ''), { signal });
    canvas.addEventListener('blur', () => this.held.clear(), { signal });
    canvas.addEventListener('pointerdown', (event) => this.pointerDown(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.pointerMove(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.pointerUp(event), { signal });
    canvas.addEventListener('pointercancel', () => (this.drag = null), { signal });
  }

  dispose(): void {
    this.listening.abort();
  }

  /** Stands at a point of the floor, looking at another point. */
  stand(at: Vector3, lookAt: Vector3): void {
    this.goal = null;
    this.rig.position.set(at.x, at.y, at.z);
    const to = lookAt.clone().sub(new Vector3(at.x, at.y + this.eyeHeight, at.z));
    this.heading = Math.atan2(-to.x, -to.z);
    this.pitch = Math.atan2(to.y, Math.hypot(to.x, to.z));
    this.settle();
  }

  get isMoving(): boolean {
    return this.goal !== null || [...this.held].some((key) => key !== 'hurry');
  }

  /** One frame; `seconds` since the last. */
  move(seconds: number): void {
    const has = (key: string): number => (this.held.has(key) || this.struck.has(key) ? 1 : 0);
    this.heading += (has('turnLeft') - has('turnRight')) * TURN * seconds;
    this.pitch = clamp(this.pitch + (has('lookUp') - has('lookDown')) * TURN * 0.7 * seconds, STEEPEST);
    const ahead = has('ahead') - has('back');
    const aside = has('right') - has('left');
    const stride = (has('hurry') ? HURRY : STRIDE) * seconds;
    if (ahead || aside) {
      this.goal = null;
      const step = new Vector3(aside, 0, -ahead).normalize().multiplyScalar(stride);
      this.step(step.applyAxisAngle(UP, this.heading));
    } else if (this.goal) this.toward(this.goal, stride);
    this.struck.clear();
    this.settle();
  }

  private toward(goal: Vector3, stride: number): void {
    const left = goal.clone().sub(this.rig.position).setY(0);
    const before = this.rig.position.clone();
    this.step(left.clone().setLength(Math.min(stride * 1.25, left.length())));
    const isStuck = before.distanceTo(this.rig.position) < stride * 0.2;
    if (left.length() < 0.05 || isStuck) this.goal = null;
  }

  private step(by: Vector3): void {
    const to = this.rig.position.clone().add(by);
    this.rig.position.copy(this.plan ? this.plan.step(this.rig.position, to) : to);
  }

  private settle(): void {
    this.rig.rotation.set(0, this.heading, 0);
    this.camera.position.set(0, this.eyeHeight, 0);
    this.camera.quaternion.setFromEuler(new Euler(this.pitch, 0, 0));
  }

  private keyDown(event: KeyboardEvent): void {
    const key = KEYS[event.code];
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.held.add(key);
    this.struck.add(key);
  }

  private pointerDown(event: PointerEvent): void {
    if (this.drag || event.button > 0) return;
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: 0, since: event.timeStamp };
  }

  private pointerMove(event: PointerEvent): void {
    const { drag } = this;
    if (!drag || drag.id !== event.pointerId) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.moved += Math.abs(dx) + Math.abs(dy);
    [drag.x, drag.y] = [event.clientX, event.clientY];
    this.heading += dx * DRAG;
    this.pitch = clamp(this.pitch + dy * DRAG, STEEPEST);
  }

  private pointerUp(event: PointerEvent): void {
    const { drag } = this;
    if (!drag || drag.id !== event.pointerId) return;
    this.drag = null;
    if (drag.moved > TREMBLE || event.timeStamp - drag.since > TAP_MS) return;
    const box = this.canvas.getBoundingClientRect();
    const at = new Vector2(
      ((event.clientX - box.left) / box.width) * 2 - 1,
      1 - ((event.clientY - box.top) / box.height) * 2,
    );
    if (!this.onTap(at)) this.goal = this.floorAt(at);
  }

  private floorAt(at: Vector2): Vector3 | null {
    this.ray.setFromCamera(at, this.camera);
    const point = this.ray.ray.intersectPlane(FLOOR, new Vector3());
    return point && point.distanceTo(this.rig.position) < 14 ? point : null;
  }
}

const UP = new Vector3(0, 1, 0);
const FLOOR = new Plane(UP, 0);

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, -most), most);
}
