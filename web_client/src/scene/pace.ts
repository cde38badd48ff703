/**
 * How much may be drawn, from how long frames take. Slow frames take from the picture's sharpness first and from
 * the triangles then; quick ones give back, far more slowly, so that nothing swings. Pure: time is an argument.
 */
export interface Quality {
  /** Of the device's own pixels. */
  readonly resolution: number;
  /** Triangles of all exhibits together. */
  readonly triangles: number;
}

/** From the finest; a Quest begins at the second. */
export const QUALITIES: readonly Quality[] = [
  { resolution: 1, triangles: 1_200_000 },
  { resolution: 1, triangles: 400_000 },
  { resolution: 0.85, triangles: 250_000 },
  { resolution: 0.7, triangles: 120_000 },
  { resolution: 0.55, triangles: 60_000 },
];

/** Frames judged together. */
const FRAMES = 45;
/** Judgments in a row that must be quick before it dares more. */
const PATIENCE = 4;

export class Pace {
  private level: number;
  private last = 0;
  private times: number[] = [];
  private quick = 0;
  /** A level that was too slow is not tried again for this many judgments. */
  private wary = 0;

  /** `target` is the time a frame may take in milliseconds: 13.9 for 72 Hz. */
  constructor(
    private target: number,
    start = 1,
  ) {
    this.level = start;
  }

  get quality(): Quality {
    return QUALITIES[this.level] as Quality;
  }

  aim(target: number): void {
    this.target = target;
    this.times = [];
  }

  /** Nothing was drawn since: what passed says nothing of what drawing takes. */
  rest(now: number): void {
    this.last = now;
  }

  /** Tells that a frame began at `now` (ms). Gives true where the quality changed. */
  frame(now: number): boolean {
    const took = now - this.last;
    this.last = now;
    // A pause (a hidden tab) says nothing of what drawing takes.
    if (took <= 0 || took > 1000) return false;
    this.times.push(took);
    if (this.times.length < FRAMES) return false;
    const middle = this.times.sort((a, b) => a - b)[Math.floor(FRAMES / 2)] as number;
    this.times = [];
    return this.judge(middle);
  }

  private judge(took: number): boolean {
    this.wary = Math.max(0, this.wary - 1);
    if (took > this.target * 1.2) {
      this.quick = 0;
      if (this.level === QUALITIES.length - 1) return false;
      this.level++;
      this.wary = 20;
      return true;
    }
    this.quick = took < this.target * 1.05 ? this.quick + 1 : 0;
    if (this.quick < PATIENCE || this.wary > 0 || this.level === 0) return false;
    this.quick = 0;
    this.level--;
    return true;
  }
}
