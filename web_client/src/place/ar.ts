/**
 * The artifact in the visitor's room, in true size: WebXR AR with hit-test. Must begin in a tap. `overlay` is
 * shown over the room where the browser can (dom-overlay).
 */
import {
  ACESFilmicToneMapping, DirectionalLight, type Group, Matrix4, Mesh, MeshBasicMaterial, PerspectiveCamera, RingGeometry, Scene,
  Vector3, WebGLRenderer,
} from 'three';
import { release } from '../gltf/parts';
import { roomLight } from './light';

export interface Placing {
  end(): Promise<void>;
}

export interface PlacingEvents {
  /** For the first time there is a place for it. */
  aimed(): void;
  /** It was put there, in the room's space (local-floor, metres). */
  placed(at: readonly [number, number, number]): void;
  /** The session is over, whoever ended it. */
  ended(): void;
}

/**
 * Rejects where the browser refuses, and where the model cannot be had. The session is asked for before the model is there: a tap is good for a few seconds only.
 */
export async function placeInRoom(model: Promise<Group>, overlay: HTMLElement, events: PlacingEvents): Promise<Placing> {
  const asked = navigator.xr!.requestSession('immersive-ar', {
    requiredFeatures: ['hit-test', 'local-floor'],
    optionalFeatures: ['dom-overlay', 'anchors'],
    domOverlay: { root: overlay },
  });
  const [session, read] = await Promise.allSettled([asked, model]);
  if (session.status === 'rejected') {
    if (read.status === 'fulfilled') release(read.value);
    throw session.reason;
  }
  if (read.status === 'rejected') {
    await session.value.end();
    throw read.reason;
  }
  const placing = new RoomPlacing(read.value, session.value, overlay, events);
  session.value.addEventListener('end', () => {
    placing.dispose();
    events.ended();
  });
  await placing.begin();
  return placing;
}

class RoomPlacing implements Placing {
  private readonly renderer = new WebGLRenderer({ antialias: true, alpha: true });
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera();
  private readonly mark = new Mesh(new RingGeometry(0.08, 0.1, 40).rotateX(-Math.PI / 2), new MeshBasicMaterial());
  private hits: XRHitTestSource | null = null;
  private anchor: XRAnchor | null = null;
  private lastHit: XRHitTestResult | null = null;
  private hasAimed = false;

  constructor(
    private readonly model: Group,
    private readonly session: XRSession,
    private readonly overlay: HTMLElement,
    private readonly events: PlacingEvents,
  ) {
    const sun = new DirectionalLight(0xffffff, 1.5);
    sun.position.set(0.5, 2, 1);
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.scene.environment = roomLight(this.renderer);
    this.mark.visible = model.visible = false;
    this.mark.matrixAutoUpdate = false;
    this.scene.add(sun, this.mark, model);
    overlay.addEventListener('beforexrselect', keepOnPage);
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
    this.overlay.removeEventListener('beforexrselect', keepOnPage);
    this.hits?.cancel();
    this.anchor?.delete();
    this.renderer.setAnimationLoop(null);
    release(this.mark);
    release(this.model);
    this.scene.environment?.dispose();
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
    if (!pose) return;
    this.mark.matrix.fromArray(pose.transform.matrix);
    if (!this.hasAimed) this.events.aimed();
    this.hasAimed = true;
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
    this.events.placed([at.x, at.y, at.z]);
    this.anchor?.delete();
    this.anchor = (await hit?.createAnchor?.()?.catch(() => null)) ?? null;
  }
}

// A tap on what the page shows over the room means that, and not the room behind it.
function keepOnPage(event: Event): void {
  if (event.target !== event.currentTarget) event.preventDefault();
}
