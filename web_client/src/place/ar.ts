/**
 * The artifact in the visitor's room, in true size: WebXR AR with hit-test. Must begin in a tap. `overlay` is
 * shown over the room where the browser can (dom-overlay).
 */
import {
  AmbientLight, DirectionalLight, type Group, Matrix4, Mesh, MeshBasicMaterial, PerspectiveCamera, RingGeometry, Scene,
  Vector3, WebGLRenderer,
} from 'three';
import { release } from './model';

export interface Placing {
  /** Where it was put, in the room's space; null until the first tap. */
  readonly placedAt: readonly [number, number, number] | null;
  end(): Promise<void>;
}

/** `ended` is called when the session is over, whoever ended it. Rejects where the browser refuses. */
export async function placeInRoom(model: Group, overlay: HTMLElement, ended: () => void): Promise<Placing> {
  const session = await navigator.xr!.requestSession('immersive-ar', {
    requiredFeatures: ['hit-test', 'local-floor'],
    optionalFeatures: ['dom-overlay', 'anchors'],
    domOverlay: { root: overlay },
  });
  const placing = new RoomPlacing(model, session);
  session.addEventListener('end', () => {
    placing.dispose();
    ended();
  });
  await placing.begin();
  return placing;
}

class RoomPlacing implements Placing {
  placedAt: readonly [number, number, number] | null = null;
  private readonly renderer = new WebGLRenderer({ antialias: true, alpha: true });
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera();
  private readonly mark = new Mesh(new RingGeometry(0.08, 0.1, 40).rotateX(-Math.PI / 2), new MeshBasicMaterial());
  private hits: XRHitTestSource | null = null;
  private anchor: XRAnchor | null = null;
  private lastHit: XRHitTestResult | null = null;

  constructor(
    private readonly model: Group,
    private readonly session: XRSession,
  ) {
    const sun = new DirectionalLight(0xffffff, 2.5);
    sun.position.set(0.5, 2, 1);
    this.mark.visible = model.visible = false;
    this.mark.matrixAutoUpdate = false;
    this.scene.add(new AmbientLight(0xffffff, 1.4), sun, this.mark, model);
  }

  async begin(): Promise<void> {
    const { xr } = this.renderer;
    xr.enabled = true;
    xr.setReferenceSpaceType('local-floor');
    await xr.setSession(this.session);
    const viewer = await this.session.requestReferenceSpace('viewer');
    this.hits = (await this.session.requestHitTestSource?.({ space: viewer })) ?? null;
    this.session.addEventListener('select', () => void this.put());
    this.renderer.setAnimationLoop((_, frame) => this.frame(frame));
  }

  async end(): Promise<void> {
    await this.session.end();
  }

  dispose(): void {
    this.hits?.cancel();
    this.anchor?.delete();
    this.renderer.setAnimationLoop(null);
    release(this.mark);
    release(this.model);
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }

  private frame(frame: XRFrame | undefined): void {
    const space = this.renderer.xr.getReferenceSpace();
    if (frame && space) {
      this.aim(frame, space);
      const moved = this.anchor && frame.getPose(this.anchor.anchorSpace, space);
      if (moved) this.model.position.copy(moved.transform.position as unknown as Vector3);
    }
    this.renderer.render(this.scene, this.camera);
  }

  private aim(frame: XRFrame, space: XRReferenceSpace): void {
    this.lastHit = this.hits ? (frame.getHitTestResults(this.hits)[0] ?? null) : null;
    const pose = this.lastHit?.getPose(space);
    this.mark.visible = pose !== undefined && pose !== null;
    if (pose) this.mark.matrix.fromArray(pose.transform.matrix);
  }

  // Upright where the ring is, its front toward the visitor.
  private async put(): Promise<void> {
    if (!this.mark.visible) return;
    const hit = this.lastHit;
    const at = new Vector3().setFromMatrixPosition(new Matrix4().copy(this.mark.matrix));
    const eye = this.renderer.xr.getCamera().position;
    this.model.position.copy(at);
    this.model.rotation.set(0, Math.atan2(eye.x - at.x, eye.z - at.z), 0);
    this.model.visible = true;
    this.placedAt = [at.x, at.y, at.z];
    this.anchor?.delete();
    this.anchor = (await hit?.createAnchor?.()?.catch(() => null)) ?? null;
  }
}
