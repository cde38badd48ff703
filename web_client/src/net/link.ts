/** The connection: opens it, keeps it, takes it up again, and sends what the visitor does. */
import { encode } from '../protocol/codec';
import { ByeReason, ClientKind, ErrorCode, ImageEncoding } from '../protocol/generated/choices';
import { Code, SUBPROTOCOL } from '../protocol/generated/layouts';
import { encodePose, REACH, TRACKED } from '../protocol/pose';
import type { CameraPicture, Consent, HeadPose, Visitor, Wishes } from '../world/visitor';
import type { ConnectionPhase, Vector } from '../world/world';
import { WorldState } from '../world/state';
import { Backoff } from './backoff';
import { Session, type Greeting } from './session';
import type { Surroundings, Wire } from './surroundings';

export interface LinkOptions {
  readonly kind: ClientKind;
  /** What this client can use; see the protocol's Hello. */
  readonly capabilities: readonly string[];
  readonly wishes: Wishes;
  /** Where the visit starts; empty: the server chooses. */
  readonly gallery: string;
  /** Bytes a second; 0: no wish. */
  readonly byteBudget: number;
}

const TICK_MS = 250;
const SECOND = 1e9;
/** Poses are sent at most this often, and this often while nothing moves, ns. */
const POSE_EVERY = SECOND / 60;
const STILL_EVERY = SECOND / 2;
/** Nothing heard for so long after the server was asked for its time: the connection is dead, ns. */
const DEAF = 10 * SECOND;
/** Ticks so far apart mean that the page slept, ns. */
const ASLEEP = 2 * SECOND;
/** A connection that lived so long is no failed try, ns. */
const HELD = 5 * SECOND;
const CONNECT_MS = 8_000;
/** Most bytes that may wait in the socket before a pose or picture is left out. */
const BACKLOG = 16 * 1024;
const ANSWER_WITHIN = 10 * SECOND;

export class Link implements Visitor {
  readonly world: WorldState;
  wishes: Wishes;
  consent: Consent = { camera: false, gaze: false, statistics: false };
  readonly session: Session;
  private readonly backoff: Backoff;
  private wire: Wire | null = null;
  private cancelRetry = () => {};
  private cancelTick = () => {};
  private pose: HeadPose | null = null;
  private poseSent: { readonly at: number; readonly pose: HeadPose } | null = null;
  private poseNumber = 0;
  private gazeSentAt = -Infinity;
  private heardAt = 0;
  private tickedAt = 0;
  private welcomedAt = 0;

  constructor(
    private readonly around: Surroundings,
    private readonly options: LinkOptions,
  ) {
    this.world = new WorldState(around.resolve);
    this.session = new Session(this.world, around.resolve);
    this.backoff = new Backoff(250, 10_000, around.chance);
    this.wishes = options.wishes;
  }

  /** Opens the connection and keeps it open until `close`. */
  open(): void {
    this.cancelRetry();
    this.say(this.backoff.tries ? 'waiting' : 'connecting', this.world.connection.detail);
    const wire = this.around.connect(SUBPROTOCOL, {
      opened: () => wire === this.wire && this.opened(wire),
      heard: (data) => wire === this.wire && this.heard(data),
      closed: (detail) => wire === this.wire && this.lost(detail),
    });
    this.wire = wire;
    this.cancelRetry = this.around.later(CONNECT_MS, () => {
      if (!this.session.welcome) this.lost('no welcome in time');
    });
  }

  /** The visitor leaves: the session ends. */
  close(): void {
    this.cancelRetry();
    this.cancelTick();
    this.leave();
  }

  reconnect(): void {
    if (this.world.connection.phase !== 'live') {
      this.detach();
      this.open();
    }
  }

  /** The page is seen again after it was hidden: what was thought of the connection may be long untrue. */
  awake(): void {
    if (this.world.connection.phase === 'waiting') this.reconnect();
    else this.tick();
  }

  move(pose: HeadPose): void {
    this.pose = pose;
    this.flushPose();
  }

  look(origin: Vector, direction: Vector): void {
    const now = this.around.now();
    if (!this.consent.gaze || !this.isClear() || now - this.gazeSentAt < POSE_EVERY) return;
    this.gazeSentAt = now;
    const time = Math.round(this.session.clock.at(now));
    this.wire?.send(encode({ code: Code.Gaze, time, origin, direction }));
  }

  ask(question: string, artifact: string): number | null {
    if (!this.session.welcome || !this.wire || !question.trim()) return null;
    const number = this.session.questions.add(this.around.now() + ANSWER_WITHIN);
    if (number === null) return null;
    const content = [...question].slice(0, 1000).join('');
    const language = this.wishes.languages[0] ?? 'en';
    this.wire.send(encode({ code: Code.Question, number, content, language, artifact }));
    return number;
  }

  show(picture: CameraPicture): number | null {
    if (!this.consent.camera || !this.isClear()) return null;
    const now = this.around.now();
    const number = this.session.frames.add(now + ANSWER_WITHIN);
    if (number === null) return null;
    const { jpeg: image, width, height } = picture;
    const time = Math.round(this.session.clock.at(now));
    const encoding = ImageEncoding.JPEG;
    this.wire?.send(encode({ code: Code.CameraFrame, number, encoding, width, height, image, time, pose: null, intrinsics: null }));
    return number;
  }

  wish(wishes: Partial<Wishes>): void {
    this.wishes = { ...this.wishes, ...wishes };
    this.anew();
  }

  agree(consent: Partial<Consent>): void {
    this.consent = { ...this.consent, ...consent };
    this.anew();
  }

  // Wishes and consent are said in the hello alone, once for a session.
  private anew(): void {
    if (this.wire === null) {
      this.session.forget();
      return;
    }
    this.leave();
    this.open();
  }

  private leave(): void {
    if (this.session.welcome) this.wire?.send(encode({ code: Code.Bye, reason: ByeReason.LEAVING, detail: '', returnAfter: 0 }));
    this.session.forget();
    this.detach();
  }

  private opened(wire: Wire): void {
    this.heardAt = this.around.now();
    wire.send(this.session.begin(this.greeting()));
  }

  private greeting(): Greeting {
    const { languages, ...accessibility } = this.wishes;
    return {
      kind: this.options.kind,
      capabilities: this.options.capabilities,
      languages,
      accessibility,
      byteBudget: this.options.byteBudget,
      consent: this.consent,
      gallery: this.options.gallery,
      software: 'museum-twin-web 0.1.0',
    };
  }

  private heard(data: Uint8Array): void {
    const now = this.around.now();
    this.heardAt = now;
    const wasLive = this.session.welcome !== null;
    try {
      this.session.receive(data, now);
    } catch (error) {
      this.lost(String(error));
      return;
    }
    if (!wasLive && this.session.welcome) this.welcomed();
  }

  private welcomed(): void {
    this.cancelRetry();
    this.welcomedAt = this.around.now();
    this.poseSent = null;
    this.say('live', '');
    this.flushPose();
    this.tick();
  }

  private tick(): void {
    this.cancelTick();
    if (!this.session.welcome || !this.wire) return;
    const now = this.around.now();
    for (const data of this.session.tick(now)) this.wire.send(data);
    if (now - this.welcomedAt > HELD) this.backoff.reset();
    this.flushPose();
    const { roundTrip } = this.session.clock;
    if (roundTrip !== this.world.connection.roundTrip) this.say('live', '');
    // A page whose timers slept has not listened meanwhile: the deadline begins anew.
    if (now - this.tickedAt > ASLEEP) this.heardAt = now;
    if (now - this.heardAt > DEAF) {
      this.lost(`nothing heard for ${DEAF / SECOND} s`);
      return;
    }
    this.tickedAt = now;
    this.cancelTick = this.around.later(TICK_MS, () => this.tick());
  }

  private flushPose(): void {
    const { pose, poseSent } = this;
    if (!pose || !this.isClear()) return;
    const now = this.around.now();
    const isSame = poseSent !== null && isStill(poseSent.pose, pose);
    if (poseSent && now - poseSent.at < (isSame ? STILL_EVERY : POSE_EVERY)) return;
    if (!pose.position.every((value) => Math.abs(value) < REACH)) return;
    this.poseNumber = (this.poseNumber + 1) % 0x10000;
    const { position, orientation } = pose;
    const time = this.session.clock.at(now);
    const [left, right] = [near(pose, pose.left), near(pose, pose.right)];
    const gaze = this.consent.gaze ? (pose.gaze ?? null) : null;
    this.wire?.send(encodePose({ number: this.poseNumber, time, position, orientation, flags: TRACKED, left, right, gaze }));
    this.poseSent = { at: now, pose };
  }

  // Live, and the socket takes what it is given: otherwise a newer pose or picture will be the better one.
  private isClear(): boolean {
    return this.session.welcome !== null && this.wire !== null && this.wire.backlog() < BACKLOG;
  }

  private detach(): void {
    const wire = this.wire;
    this.wire = null;
    this.session.welcome = null;
    wire?.close();
  }

  private lost(detail: string): void {
    this.cancelTick();
    this.cancelRetry();
    const { fault, goodbye } = this.session;
    this.detach();
    if (fault?.error === ErrorCode.REPLACED) {
      this.say('refused', fault.detail);
      return;
    }
    const least = goodbye ? Number(goodbye.returnAfter) / 1e6 : 0;
    const wait = Math.max(this.backoff.next(), least * (1 + 0.5 * this.around.chance()));
    this.say('waiting', fault?.detail || goodbye?.detail || detail, this.around.now() / 1e6 + wait);
    this.cancelRetry = this.around.later(wait, () => this.open());
  }

  private say(phase: ConnectionPhase, detail: string, retryAt: number | null = null): void {
    const roundTrip = phase === 'live' ? this.session.clock.roundTrip : null;
    this.world.tell({ kind: 'connection', connection: { phase, retryAt, tries: this.backoff.tries, detail, roundTrip } });
  }
}

// To the exactness of the wire; more than that no server could see.
function isStill(one: HeadPose, other: HeadPose): boolean {
  const close = (a: readonly number[], b: readonly number[]) => a.every((value, axis) => Math.abs(value - (b[axis] ?? 0)) < 1e-4);
  return close(one.position, other.position) && close(one.orientation, other.orientation) && !other.left && !other.right;
}

// A hand farther from the head than the wire can say is not where a hand can be.
function near(pose: HeadPose, hand: HeadPose['left']): NonNullable<HeadPose['left']> | null {
  const isNear = hand?.position.every((value, axis) => Math.abs(value - (pose.position[axis] ?? 0)) < 3.9);
  return hand && isNear ? hand : null;
}
