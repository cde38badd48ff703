/**
 * The protocol from the client's side, without socket or timer: bytes and times in, bytes and the world's news
 * out. It outlives connections: the token, what was received and the world stay.
 */
import { decode, encode, WireError } from '../protocol/codec';
import { ErrorCode } from '../protocol/generated/choices';
import { Code, MINOR } from '../protocol/generated/layouts';
import type {
  Bye, ClockAnswer, Delta, ErrorMessage, Hello, Message, Sightings, Snapshot, Welcome, Answer as AnswerTold,
} from '../protocol/generated/messages';
import type { Answer, Recognition } from '../world/world';
import type { WorldState } from '../world/state';
import { ServerClock } from './clock';
import { Pending } from './pending';

/** What the client says of itself in its hello; the session adds the rest. */
export type Greeting = Omit<Hello, 'code' | 'minor' | 'token' | 'received'>;
type Event = Snapshot | Delta | Sightings | AnswerTold;

const SECOND = 1e9;
const QUICK_SAMPLES = 8;
/** Both of what the server lets be unanswered. */
const UNANSWERED = 4;

export class Session {
  readonly clock = new ServerClock();
  readonly questions = new Pending(UNANSWERED);
  readonly frames = new Pending(UNANSWERED);
  /** The welcome of this connection; null until it came. */
  welcome: Welcome | null = null;
  /** Last fatal error of this connection. */
  fault: ErrorMessage | null = null;
  goodbye: Bye | null = null;
  /** Number of the last event taken in. */
  received = 0;
  private token: Uint8Array = new Uint8Array();
  private acknowledged = 0;
  private acknowledgeAt: number | null = null;
  private awaitsSnapshot = false;
  private clockAskedAt: number | null = null;

  constructor(
    private readonly world: WorldState,
    private readonly resolve: (address: string) => string,
  ) {}

  /** The connection stands: the hello. */
  begin(greeting: Greeting): Uint8Array {
    this.welcome = this.fault = this.goodbye = null;
    return encode({ code: Code.Hello, minor: MINOR, token: this.token, received: this.received, ...greeting });
  }

  /** The next hello begins a new visit. What is shown stays until the new snapshot. */
  forget(): void {
    this.token = new Uint8Array();
    this.received = this.acknowledged = 0;
  }

  /** Takes in one message at client time `now` (ns). After a WireError the connection is of no more use. */
  receive(data: Uint8Array, now: number): void {
    const message = decode(data);
    if (message) this.take(message, now);
  }

  /** What is due at client time `now` (ns): an acknowledgement, a request for the server's time. */
  tick(now: number): Uint8Array[] {
    if (!this.welcome) return [];
    const due: Uint8Array[] = [];
    const half = Math.max(1, this.welcome.acknowledgeEvery / 2);
    const isLate = this.acknowledgeAt !== null && now >= this.acknowledgeAt;
    if (this.received - this.acknowledged >= half || isLate) {
      this.acknowledged = this.received;
      this.acknowledgeAt = null;
      due.push(encode({ code: Code.Acknowledge, sequence: this.received }));
    }
    if (this.clockAskedAt === null || now - this.clockAskedAt >= this.clockInterval()) {
      this.clockAskedAt = now;
      due.push(encode({ code: Code.ClockRequest, clientSent: Math.round(now) }));
    }
    this.questions.lapse(now);
    this.frames.lapse(now);
    return due;
  }

  private take(message: Message, now: number): void {
    switch (message.code) {
      case Code.Welcome:
        return this.greeted(message, now);
      case Code.Error:
        return this.failed(message);
      case Code.Bye:
        this.goodbye = message;
        return;
      case Code.ClockAnswer:
        return this.timed(message, now);
      case Code.Focus:
        return this.world.tell({ kind: 'focus', focus: { artifact: message.artifact, annotation: message.annotation } });
      case Code.Snapshot:
      case Code.Delta:
      case Code.Sightings:
      case Code.Answer:
        return this.event(message, now);
    }
  }

  private greeted(told: Welcome, now: number): void {
    if (this.welcome) throw new WireError('a welcome came that nobody had asked for');
    this.welcome = told;
    this.token = told.token;
    this.world.offers = new Set(told.capabilities);
    this.clock.start(Number(told.serverTime), now);
    this.clockAskedAt = null;
    if (told.resumed) {
      this.acknowledged = this.received;
      return;
    }
    this.awaitsSnapshot = true;
    this.received = this.acknowledged = 0;
    this.acknowledgeAt = null;
    this.questions.clear();
    this.frames.clear();
  }

  private failed(told: ErrorMessage): void {
    if (told.fatal) this.fault = told;
    if (told.about === Code.Question) this.questions.answered(told.number);
    if (told.about === Code.CameraFrame) this.frames.answered(told.number);
    // A session that the server cannot read would not be read the next time either.
    if (told.fatal && told.error === ErrorCode.MALFORMED) this.forget();
  }

  private timed(told: ClockAnswer, now: number): void {
    this.clock.add(Number(told.clientSent), Number(told.serverReceived), Number(told.serverSent), now);
  }

  private event(told: Event, now: number): void {
    if (!this.welcome) throw new WireError(`event ${told.sequence} came before the welcome`);
    if (!this.isNext(told)) return;
    this.acknowledgeAt ??= now + SECOND;
    if (told.code === Code.Snapshot) this.world.snapshot(told);
    else if (told.code === Code.Delta) this.world.delta(told);
    else if (told.code === Code.Sightings) {
      this.frames.answered(told.number);
      this.world.tell({ kind: 'recognition', recognition: recognitionOf(told) });
    } else {
      this.questions.answered(told.number);
      this.world.tell({ kind: 'answer', answer: this.answerOf(told) });
    }
  }

  // Exactly once and in order: what came before is left out; what comes too early means that an event was
  // lost, and the connection is taken up again from the last that was not.
  private isNext(told: Event): boolean {
    if (this.awaitsSnapshot) {
      if (told.code !== Code.Snapshot) throw new WireError(`expected a snapshot first, got event ${told.sequence}`);
      this.awaitsSnapshot = false;
      this.acknowledged = told.sequence - 1;
    } else if (told.sequence <= this.received) {
      return false;
    } else if (told.sequence !== this.received + 1) {
      throw new WireError(`expected event ${this.received + 1}, got event ${told.sequence}`);
    }
    this.received = told.sequence;
    return true;
  }

  // Quickly at first, then often enough for the server's heartbeat and for noticing a dead connection.
  private clockInterval(): number {
    if (this.clock.count < QUICK_SAMPLES) return SECOND / 4;
    return Math.min(2 * SECOND, Math.max(SECOND, Number(this.welcome?.heartbeat ?? 0) / 3));
  }

  private answerOf(told: AnswerTold): Answer {
    const statements = told.statements.map(({ address, ...rest }) => ({ ...rest, url: address && this.resolve(address) }));
    return { number: told.number, artifact: told.artifact, statements };
  }
}

function recognitionOf(told: Sightings): Recognition {
  const rejection = told.rejection ? told.rejection.reason : null;
  const stages = told.stages.map(({ stage, duration }) => ({ stage, duration: Number(duration) / SECOND }));
  return { frame: told.number, sightings: told.sightings, rejection, model: told.model, stages };
}
