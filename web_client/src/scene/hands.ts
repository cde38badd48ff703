/**
 * Controllers and hands in a headset: the trigger (or a pinch) opens what the ray points at, or goes to where it
 * meets the floor; the stick turns by steps and, pushed ahead, goes too.
 */
import {
  BufferGeometry,
  Float32BufferAttribute,
  Group,
  Line,
  LineBasicMaterial,
  Mesh,
  MeshBasicMaterial,
  RingGeometry,
  Vector3,
  type Camera,
  type Object3D,
  type WebGLRenderer,
  type XRTargetRaySpace,
} from 'three';
import type { Plan } from './plan';

/** Radians of one step of turning. */
const SNAP = Math.PI / 6;
const FARTHEST = 9;

export class Hands {
  /** In the rig. */
  readonly group = new Group();
  /** In the museum: where one would stand. */
  readonly spot: Mesh;
  plan: Plan | null = null;
  /** True where the ray meant something else than the floor. */
  onSelect: (origin: Vector3, direction: Vector3) => boolean = () => false;
  private readonly rays: XRTargetRaySpace[];
  private readonly line: BufferGeometry;
  private readonly ink = new LineBasicMaterial({ color: '#ffe2ab', transparent: true, opacity: 0.7 });
  private readonly glow = new MeshBasicMaterial({ color: '#ffe2ab', transparent: true, opacity: 0.8 });
  private aiming: XRTargetRaySpace | null = null;
  private readonly pushed = new Set<XRInputSource>();
  private readonly turned = new Set<XRInputSource>();

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly rig: Object3D,
    private readonly camera: Camera,
  ) {
    this.line = new BufferGeometry();
    this.line.setAttribute('position', new Float32BufferAttribute([0, 0, 0, 0, 0, -1.6], 3));
    this.spot = new Mesh(new RingGeometry(0.18, 0.24, 40).rotateX(-Math.PI / 2), this.glow);
    this.spot.visible = false;
    this.rays = [0, 1].map((index) => this.ray(index));
  }

  /** One frame of a session: sticks, and where a held trigger aims. */
  move(): void {
    const session = this.renderer.xr.getSession();
    if (!session) return;
    let aim: Vector3 | null = this.aiming ? this.floor(this.aiming) : null;
    for (const source of session.inputSources) aim = this.stick(source) ?? aim;
    this.spot.visible = aim !== null;
    if (aim) this.spot.position.copy(aim).setY(0.02);
  }

  dispose(): void {
    for (const each of [this.line, this.ink, this.glow, this.spot.geometry]) each.dispose();
    this.spot.removeFromParent();
    this.group.removeFromParent();
  }

  /** Puts the head above a point of the floor. */
  goTo(point: Vector3): void {
    const head = this.camera.getWorldPosition(new Vector3());
    this.rig.position.add(point.clone().sub(head).setY(0));
  }

  private ray(index: number): XRTargetRaySpace {
    const space = this.renderer.xr.getController(index);
    space.add(new Line(this.line, this.ink));
    space.addEventListener('selectstart', () => {
      const { origin, direction } = pointing(space);
      if (!this.onSelect(origin, direction)) this.aiming = space;
    });
    space.addEventListener('selectend', () => {
      if (this.aiming !== space) return;
      const point = this.floor(space);
      this.aiming = null;
      if (point) this.goTo(point);
    });
    this.group.add(space);
    return space;
  }

  /** Turns by a step to the side; ahead aims, let go goes. Gives where it aims. */
  private stick(source: XRInputSource): Vector3 | null {
    const axes = source.gamepad?.axes;
    const [x, y] = [axes?.[2] ?? 0, axes?.[3] ?? 0];
    if (Math.abs(x) < 0.4) this.turned.delete(source);
    else if (Math.abs(x) > 0.7 && !this.turned.has(source)) {
      this.turned.add(source);
      this.snap(-Math.sign(x) * SNAP);
    }
    const space = this.rays.find((_, index) => this.renderer.xr.getSession()?.inputSources[index] === source);
    if (!space) return null;
    const point = this.floor(space);
    if (y < -0.6) {
      this.pushed.add(source);
      return point;
    }
    if (y > -0.3 && this.pushed.delete(source) && point) this.goTo(point);
    return null;
  }

  /** Turns about the head, not about the rig's middle. */
  private snap(angle: number): void {
    const head = this.camera.getWorldPosition(new Vector3()).setY(this.rig.position.y);
    this.rig.position.sub(head).applyAxisAngle(new Vector3(0, 1, 0), angle).add(head);
    this.rig.rotation.y += angle;
  }

  private floor(space: XRTargetRaySpace): Vector3 | null {
    const { origin, direction } = pointing(space);
    if (direction.y > -0.05) return null;
    const point = origin.addScaledVector(direction, -origin.y / direction.y);
    const far = point.distanceTo(this.rig.position) > FARTHEST;
    return far || (this.plan && !this.plan.isFree(point)) ? null : point;
  }
}

function pointing(space: Object3D): { origin: Vector3; direction: Vector3 } {
  const origin = space.getWorldPosition(new Vector3());
  return { origin, direction: space.getWorldDirection(new Vector3()).negate() };
}
