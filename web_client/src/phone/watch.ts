/** Shows the museum what the camera sees, picture after picture, and says what came of it. */
import type { Visitor } from '../world/visitor';
import type { Recognition, StageTime, World } from '../world/world';
import type { Camera } from './camera';
import { journey } from './journey';
import { Rate } from './rate';
import { judged, type Verdict } from './verdict';

/** An answer later than this is not waited for, ms. */
const LAPSE_MS = 10_000;

export interface Seen {
  readonly verdict: Verdict;
  /** Size of the picture that the sighting's corners are in. */
  readonly width: number;
  readonly height: number;
  /** Where the time of the picture went that was just answered. */
  readonly times: readonly StageTime[];
}

interface Shown {
  readonly number: number;
  /** When the picture was wished for, and when it was handed to the connection; `performance.now()`, ms. */
  readonly wished: number;
  readonly at: number;
  readonly width: number;
  readonly height: number;
}

export class Watch {
  private readonly rate = new Rate();
  private verdict: Verdict = { kind: 'looking' };
  private refusals = 0;
  private shown: Shown | null = null;
  private timer = 0;
  private isOver = false;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly camera: Pick<Camera, 'take'>,
    private readonly visitor: Visitor,
    world: World,
    private readonly tell: (seen: Seen) => void,
  ) {
    this.unsubscribe = world.subscribe((notice) => {
      if (notice.kind === 'recognition') this.answered(notice.recognition);
    });
    this.again(0);
  }

  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.unsubscribe();
  }

  private again(ms: number): void {
    clearTimeout(this.timer);
    if (!this.isOver) this.timer = window.setTimeout(() => void this.next(), ms);
  }

  private async next(): Promise<void> {
    const wished = performance.now();
    const picture = document.hidden ? null : await this.camera.take(this.rate.side);
    if (this.isOver) return;
    const number = picture && this.visitor.show(picture);
    this.shown = picture && number !== null ? { number, wished, at: performance.now(), width: picture.width, height: picture.height } : null;
    // The answer sets off the next picture; where none comes, as after a lost connection, this does.
    this.again(this.shown ? LAPSE_MS : this.rate.missed());
  }

  private answered(answer: Recognition): void {
    if (answer.frame !== this.shown?.number) return;
    const { wished, at, width, height } = this.shown;
    const passed = performance.now() - at;
    this.shown = null;
    this.verdict = judged(this.verdict, this.refusals, answer);
    this.refusals = answer.sightings.length ? 0 : this.refusals + 1;
    const times = journey((at - wished) / 1000, passed / 1000, answer.stages);
    this.tell({ verdict: this.verdict, width, height, times });
    this.again(this.rate.answered(passed, answer.sightings[0]?.artifact ?? ''));
  }
}
