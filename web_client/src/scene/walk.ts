/** The walk put together: one scene, one loop. */
import {
  Group,
  Matrix4,
  NeutralToneMapping,
  PerspectiveCamera,
  Quaternion,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from 'three';
import { textOf, type Annotation, type Exhibit, type Notice, type World } from '../world/world';
import type { HeadPose, Visitor } from '../world/visitor';
import { TextKind } from '../protocol/generated/choices';
import { Board } from './board';
import { drawsOf } from './draws';
import { Feet, EYE_HEIGHT, SEATED_EYE } from './feet';
import { Hands } from './hands';
import { handsOf } from './grips';
import { Marks, key } from './marks';
import { Models, type Progress } from './models';
import { Pace, QUALITIES } from './pace';
import { fetchRooms, Plan } from './plan';
import { Rooms } from './rooms';
import { spotOn, type Spot } from './spots';
import { before } from './standing';
import type { Draws, MarkOnScreen, OnScreen, Opened, Stage, StageNotice } from './stage';
import { studioLight } from './studio';

/** Milliseconds between choices of levels, of a frame for baking light, of a gaze that opens, of a veil. */
const TEND_MS = 200;
const BAKE_MS = 4;
/** Where frames are slow anyway, baking may take this share of one, and never longer than the second figure. */
const BAKE_SHARE = 0.3;
const BAKE_MOST_MS = 250;
const DWELL_MS = 1200;
const VEIL_MS = 220;
/** Radians by which a tap, a ray or a gaze may miss a mark. */
const MISS = 0.035;
const EXPOSURE = 1.15;
const REST_MS = 1000;
const FRAME_MS = 1000 / 60;
const FRAME_XR_MS = 1000 / 72;

export class Walk implements Stage {
  readonly renderer: WebGLRenderer;
  plan: Plan | null = null;
  opened: Opened | null = null;
  opensByGaze = false;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(58, 1, 0.05, 80);
  private readonly rig = new Group();
  private readonly studio: ReturnType<typeof studioLight>;
  private readonly models: Models;
  private readonly marksDrawn = new Marks();
  private readonly rooms: Rooms;
  private readonly board = new Board();
  private readonly feet: Feet;
  private readonly hands: Hands;
  private readonly pace: Pace;
  private readonly listeners = new Set<(notice: StageNotice) => void>();
  private readonly frames = new Set<() => void>();
  private readonly ending = new AbortController();
  private readonly veil = document.createElement('div');
  private readonly sizes: ResizeObserver;
  private readonly unsubscribe: () => void;
  /** Something other than the eye has changed since the last picture. */
  private isStale = true;
  private drawnAt = 0;
  private readonly drawnFrom = new Matrix4();
  private last = 0;
  private tended = 0;
  private gazed: { readonly annotation: Annotation; readonly since: number } | null = null;
  private placement = '';
  private sized = '';
  private covered: readonly [left: number, bottom: number] = [0, 0];

  constructor(
    private readonly parent: HTMLElement,
    private readonly world: World,
    private readonly visitor: Visitor,
  ) {
    const canvas = document.createElement('canvas');
    const isSlow = !canDrawQuickly();
    this.renderer = new WebGLRenderer({ canvas, antialias: !isSlow, powerPreference: 'high-performance' });
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.toneMappingExposure = EXPOSURE;
    this.renderer.xr.enabled = true;
    this.renderer.info.autoReset = false;
    this.pace = new Pace(FRAME_MS, isSlow ? QUALITIES.length - 1 : 1);
    this.studio = studioLight(this.renderer);
    this.models = new Models(this.renderer, this.studio.texture, () => this.tell('progress'));
    this.rooms = new Rooms(this.studio.texture);
    this.feet = new Feet(canvas, this.rig, this.camera);
    this.hands = new Hands(this.renderer, this.rig, this.camera);
    this.arrange(canvas);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(parent);
    this.resize();
    for (const exhibit of world.exhibits.values()) this.enterExhibit(exhibit);
    this.unsubscribe = world.subscribe((notice) => this.hear(notice));
    void this.learnRooms();
    this.renderer.setAnimationLoop((now, frame) => this.frame(now, frame));
  }

  get place(): { at: Vector3; heading: number } {
    const direction = this.camera.getWorldDirection(new Vector3());
    const at = this.camera.getWorldPosition(new Vector3()).setY(0);
    return { at, heading: Math.atan2(-direction.x, -direction.z) };
  }

  get progress(): Progress {
    return this.models.progress;
  }

  get isBaked(): boolean {
    return this.plan !== null && this.rooms.bakery.isIdle;
  }

  cover(left: number, bottom: number): void {
    if (this.covered[0] === left && this.covered[1] === bottom) return;
    this.covered = [left, bottom];
    this.resize();
  }

  open(opened: Opened | null): void {
    const same = opened?.artifact === this.opened?.artifact && opened?.annotation === this.opened?.annotation;
    if (same) return;
    this.opened = opened;
    this.raiseBoard();
    this.tell('opened');
    if (opened?.annotation) mark('annotation');
  }

  visit(artifact: string): boolean {
    if (!this.plan) return false;
    const spot = before(this.plan, artifact, this.feet.eyeHeight);
    if (spot) this.travel(spot.at, spot.lookAt);
    return spot !== null;
  }

  enter(gallery: string): boolean {
    const room = this.plan?.named(gallery);
    if (!room) return false;
    const { position, target } = room.room.viewpoint;
    const at = new Vector3(...position).applyMatrix4(room.toSite).setY(0);
    this.travel(at, new Vector3(...target).applyMatrix4(room.toSite));
    return true;
  }

  walkTo(point: Vector3): boolean {
    if (!this.plan?.isFree(point)) return false;
    const ahead = this.camera.getWorldDirection(new Vector3());
    this.travel(point, point.clone().add(ahead.setY(0)).setY(this.feet.eyeHeight));
    return true;
  }

  marks(artifact: string): ReturnType<Stage['marks']> {
    const exhibit = this.world.exhibits.get(artifact);
    if (!exhibit) return null;
    const eye = this.camera.getWorldPosition(new Vector3());
    const middle = middleOf(exhibit);
    const on = this.onScreen(middle);
    if (!on) return null;
    const height = this.parent.clientHeight / 2 / Math.tan((this.camera.fov * Math.PI) / 360);
    const [width, , depth] = exhibit.bounds;
    const radius = (Math.hypot(width, depth) / Math.max(middle.distanceTo(eye), 0.1)) * height;
    const marks = this.marksDrawn.of(artifact, eye).map(({ annotation, at, faces }): MarkOnScreen => {
      const { x, y } = this.onScreen(at) ?? { x: -1, y: -1 };
      const isWithin = x > 0 && y > 0 && x < this.parent.clientWidth && y < this.parent.clientHeight;
      return { annotation, x, y, isSeen: faces && isWithin };
    });
    return { middle: on, radius, marks };
  }

  spotAt({ x, y }: OnScreen): Spot | null {
    const at = new Vector2((x / this.parent.clientWidth) * 2 - 1, 1 - (y / this.parent.clientHeight) * 2);
    const ray = new Raycaster();
    ray.setFromCamera(at, this.camera);
    return spotOn(ray, this.world.exhibits.keys(), (artifact) => this.models.model(artifact));
  }

  eachFrame(listener: () => void): () => void {
    this.frames.add(listener);
    return () => this.frames.delete(listener);
  }

  subscribe(listener: (notice: StageNotice) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  draws(): Draws {
    return drawsOf(this.renderer, this.scene);
  }

  dispose(): void {
    this.ending.abort();
    this.unsubscribe();
    this.sizes.disconnect();
    this.renderer.setAnimationLoop(null);
    for (const each of [this.models, this.marksDrawn, this.rooms, this.board, this.feet, this.hands, this.studio]) {
      each.dispose();
    }
    this.renderer.dispose();
    this.renderer.domElement.remove();
    this.veil.remove();
  }

  private arrange(canvas: HTMLCanvasElement): void {
    canvas.tabIndex = 0;
    canvas.className = 'walk-picture';
    this.veil.className = 'walk-veil';
    this.parent.append(canvas, this.veil);
    this.rig.add(this.camera, this.hands.group);
    this.scene.add(this.rig, this.rooms.group, this.models.group, this.marksDrawn.group);
    this.scene.add(this.board.group, this.hands.spot);
    this.feet.onTap = (at) => this.tap(at);
    this.hands.onSelect = (origin, direction) => this.pick(origin, direction, 2 * MISS);
    this.renderer.xr.addEventListener('sessionstart', () => this.startXr());
    this.renderer.xr.addEventListener('sessionend', () => this.endXr());
  }

  private startXr(): void {
    this.pace.aim(FRAME_XR_MS);
    this.camera.position.set(0, 0, 0);
    this.camera.quaternion.identity();
    const isAr = this.renderer.xr.getEnvironmentBlendMode() !== 'opaque';
    this.rooms.group.visible = !isAr;
    this.raiseBoard();
  }

  private endXr(): void {
    this.pace.aim(FRAME_MS);
    this.rooms.group.visible = true;
    this.feet.heading = this.rig.rotation.y;
    this.board.hide();
    this.resize();
  }

  private async learnRooms(): Promise<void> {
    const { placement } = this.world;
    for (let wait = 500; !this.ending.signal.aborted; wait = Math.min(wait * 2, 10_000)) {
      try {
        this.plan = new Plan(await fetchRooms(this.ending.signal));
        break;
      } catch {
        // The connection's state is shown already; rooms come when the server does.
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    if (this.ending.signal.aborted || !this.plan) return;
    const isFirst = this.placement === '';
    this.placement = placement || 'known';
    this.feet.plan = this.hands.plan = this.plan;
    this.rooms.lay(this.plan);
    if (isFirst) this.begin();
    for (const exhibit of this.world.exhibits.values()) this.rooms.label(exhibit);
    this.tell('planned');
  }

  /** Stands at the gallery's viewpoint. */
  private begin(): void {
    const room = this.plan?.named(this.world.gallery) ?? this.plan?.rooms[0];
    if (!room) return;
    const { position, target } = room.room.viewpoint;
    const at = new Vector3(...position).applyMatrix4(room.toSite).setY(0);
    this.feet.stand(at, new Vector3(...target).applyMatrix4(room.toSite));
  }

  private hear(notice: Notice): void {
    this.isStale ||= notice.kind !== 'focus' && notice.kind !== 'connection';
    if (notice.kind === 'entered' || notice.kind === 'changed') this.enterExhibit(notice.exhibit);
    if (notice.kind === 'annotated' || notice.kind === 'reworded') {
      this.marksDrawn.add(notice.exhibit, notice.annotation);
      this.reopen(notice.annotation);
    }
    if (notice.kind === 'unannotated') this.marksDrawn.remove(notice.annotation);
    if (notice.kind === 'left') {
      this.models.leave(notice.exhibit.artifact, performance.now());
      this.marksDrawn.removeOf(notice.exhibit.artifact);
    }
    if (notice.kind === 'connection' && notice.connection.phase === 'live') this.models.retry();
    // Who goes into another room does not look back into this one.
    if (notice.kind === 'gallery') this.models.sweep(performance.now(), 0);
    if (notice.kind === 'gallery' && this.world.placement !== this.placement && this.placement) {
      if (this.placement !== 'known') void this.learnRooms();
      this.placement = this.world.placement;
    }
  }

  private enterExhibit(exhibit: Exhibit): void {
    this.models.show(exhibit);
    this.rooms.label(exhibit);
    for (const annotation of exhibit.annotations.values()) this.marksDrawn.add(exhibit, annotation);
  }

  /** The opened annotation has other words now. */
  private reopen(annotation: Annotation): void {
    const open = this.opened?.annotation;
    if (open && key(open) === key(annotation)) this.open({ artifact: annotation.artifact, annotation });
  }

  private frame(now: number, xrFrame: XRFrame | undefined): void {
    const since = (now - this.last) / 1000;
    const seconds = Math.min(since, 0.1);
    this.last = now;
    const isXr = this.renderer.xr.isPresenting;
    if (isXr) this.hands.move();
    else this.feet.move(this.reducesMotion && this.feet.isMoving ? Math.min(seconds, 0.05) : seconds);
    this.camera.updateWorldMatrix(true, false);
    const eye = this.camera.getWorldPosition(new Vector3());
    this.report(eye, xrFrame);
    if (this.rooms.attend(eye)) this.isStale = true;
    if (now - this.tended > TEND_MS) this.tend(eye, now);
    const took = Math.min(since * 1000 * BAKE_SHARE, BAKE_MOST_MS);
    if (!this.isBaked) this.isStale = this.rooms.bakery.run(Math.max(BAKE_MS, took), () => performance.now()) || this.isStale;
    this.marksDrawn.turn(eye, this.opened?.annotation ?? null);
    this.board.turn(eye);
    if (isXr || this.opensByGaze) this.dwell(eye, now);
    if (isXr || this.isChanged(now)) this.draw(now, isXr);
    else this.pace.rest(now);
  }

  private draw(now: number, isXr: boolean): void {
    if (this.pace.frame(now)) this.resize();
    this.isStale = false;
    this.drawnAt = now;
    this.drawnFrom.copy(this.camera.matrixWorld);
    this.renderer.info.reset();
    this.renderer.render(this.scene, this.camera);
    if (this.models.progress.shown > 0) mark('geometry');
    if (!isXr) for (const listener of this.frames) listener();
  }

  /** Would a picture drawn now differ? On a screen that stands still nothing is drawn, but once a second. */
  private isChanged(now: number): boolean {
    return this.isStale || now - this.drawnAt > REST_MS || !this.drawnFrom.equals(this.camera.matrixWorld);
  }

  private get reducesMotion(): boolean {
    return this.visitor.wishes.reducedMotion;
  }

  private report(eye: Vector3, xrFrame: XRFrame | undefined): void {
    if (!this.plan) return;
    const turn = this.camera.getWorldQuaternion(new Quaternion());
    const pose: HeadPose = {
      position: [eye.x, eye.y, eye.z],
      orientation: [turn.x, turn.y, turn.z, turn.w],
      ...(xrFrame ? handsOf(this.renderer) : {}),
    };
    this.visitor.move(pose);
    this.feet.eyeHeight = this.visitor.wishes.seated ? SEATED_EYE : EYE_HEIGHT;
  }

  private tend(eye: Vector3, now: number): void {
    this.tended = now;
    const pixels = this.renderer.domElement.height / 2 / Math.tan((this.camera.fov * Math.PI) / 360);
    this.models.tend(eye, pixels, this.pace.quality.triangles, now);
    this.models.sweep(now);
  }

  private dwell(eye: Vector3, now: number): void {
    const ahead = this.camera.getWorldDirection(new Vector3());
    const annotation = this.marksDrawn.nearest(eye, ahead, MISS);
    if (!annotation) this.gazed = null;
    else if (!this.gazed || key(this.gazed.annotation) !== key(annotation)) this.gazed = { annotation, since: now };
    else if (now - this.gazed.since > DWELL_MS) this.open({ artifact: annotation.artifact, annotation });
  }

  private tap(at: Vector2): boolean {
    const ray = new Raycaster();
    ray.setFromCamera(at, this.camera);
    return this.pick(ray.ray.origin, ray.ray.direction, MISS);
  }

  private pick(origin: Vector3, direction: Vector3, within: number): boolean {
    const annotation = this.marksDrawn.nearest(origin, direction, within);
    if (annotation) {
      this.open({ artifact: annotation.artifact, annotation });
      return true;
    }
    const artifact = this.hit(origin, direction);
    if (artifact) this.open({ artifact, annotation: null });
    return artifact !== null;
  }

  /** The nearest exhibit whose box a ray meets, before a wall stops it. */
  private hit(origin: Vector3, direction: Vector3): string | null {
    let best: string | null = null;
    let nearest = direction.y < 0 ? -origin.y / direction.y : 12;
    for (const exhibit of this.world.exhibits.values()) {
      const middle = middleOf(exhibit).sub(origin);
      const along = middle.dot(direction);
      const off = middle.addScaledVector(direction, -along).length();
      const isHit = along > 0 && along < nearest && off < Math.max(Math.hypot(...exhibit.bounds) * 0.7, 0.05);
      if (isHit) [best, nearest] = [exhibit.artifact, along];
    }
    return best;
  }

  private travel(at: Vector3, lookAt: Vector3): void {
    const arrive = (): void => {
      if (this.renderer.xr.isPresenting) this.hands.goTo(at);
      else this.feet.stand(at, lookAt);
      this.veil.classList.remove('is-shut');
      this.tell('arrived');
    };
    if (this.renderer.xr.isPresenting) return arrive();
    this.veil.classList.add('is-shut');
    setTimeout(arrive, VEIL_MS);
  }

  private raiseBoard(): void {
    const exhibit = this.opened && this.world.exhibits.get(this.opened.artifact);
    if (!exhibit || !this.renderer.xr.isPresenting) return this.board.hide();
    const { annotation } = this.opened as Opened;
    const texts = annotation?.texts ?? exhibit.texts;
    const title = textOf(texts, TextKind.TITLE)?.content ?? '';
    const body = (textOf(texts, TextKind.DESCRIPTION) ?? textOf(texts, TextKind.LABEL))?.content ?? '';
    const at = annotation
      ? (this.marksDrawn.of(exhibit.artifact, this.rig.position).find((each) => each.annotation === annotation)?.at ??
        middleOf(exhibit))
      : middleOf(exhibit);
    this.board.show(title, body, at, Math.hypot(...exhibit.bounds), 0.75 + this.visitor.wishes.textSize * 0.5);
  }

  private onScreen(point: Vector3): OnScreen | null {
    const { x, y, z } = point.clone().project(this.camera);
    if (z > 1) return null;
    return { x: ((x + 1) / 2) * this.parent.clientWidth, y: ((1 - y) / 2) * this.parent.clientHeight };
  }

  private resize(): void {
    const { quality } = this.pace;
    // A headset's picture has its size for the whole session; its edges may be drawn more coarsely.
    if (this.renderer.xr.isPresenting) return this.renderer.xr.setFoveation(Math.min(1, (1 - quality.resolution) * 2));
    const [width, height] = [this.parent.clientWidth || 1, this.parent.clientHeight || 1];
    const ratio = Math.min(devicePixelRatio, 2) * quality.resolution;
    // Even the same size, set again, would empty the picture until the next frame.
    if (this.sized !== `${width} ${height} ${ratio}`) {
      this.sized = `${width} ${height} ${ratio}`;
      this.renderer.setPixelRatio(ratio);
      this.renderer.setSize(width, height, false);
    }
    this.camera.aspect = width / height;
    // A narrow picture sees as much from side to side as it can without a fisheye.
    this.camera.fov = width < height ? 72 : 58;
    const [left, bottom] = this.covered;
    // Sets the projection, too.
    this.isStale = true;
    this.camera.setViewOffset(width, height, -left / 2, bottom / 2, width, height);
  }

  private tell(notice: StageNotice): void {
    this.isStale = true;
    for (const listener of this.listeners) listener(notice);
  }
}

function middleOf(exhibit: Exhibit): Vector3 {
  const turn = new Quaternion(...exhibit.orientation);
  return new Vector3(...exhibit.center).applyQuaternion(turn).add(new Vector3(...exhibit.position));
}

/** False where pictures are computed by the processor. */
function canDrawQuickly(): boolean {
  const probe = document.createElement('canvas').getContext('webgl2');
  const names = probe?.getExtension('WEBGL_debug_renderer_info');
  const name = probe && names ? String(probe.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  probe?.getExtension('WEBGL_lose_context')?.loseContext();
  return !/swiftshader|llvmpipe|software|basic render/i.test(name);
}

const marked = new Set<string>();

/** Notes the first time of something, for those who measure. */
function mark(name: 'geometry' | 'annotation'): void {
  if (marked.has(name)) return;
  marked.add(name);
  performance.mark(`twin-first-${name}`);
}
