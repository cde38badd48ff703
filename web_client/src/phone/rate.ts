/**
 * How soon the next picture follows: as fast as the museum answers and the network carries, no faster than is
 * of use, and slowly once the artifact is known and stays in view, for the battery's sake.
 */
const LEAST_MS = 200;
const MOST_MS = 3_000;
const SETTLED_MS = 1_000;
/** Answers in a row that say the same before the picture counts as settled. */
const SETTLED = 3;
/** A picture should take no longer than this to be answered, ms; else the next ones get smaller. */
const SLOW_MS = 1_200;
const SIZES = [640, 512, 400, 320] as const;

export class Rate {
  private size = 0;
  private same = 0;
  private last = '';

  /** Longest side of the next picture in pixels. */
  get side(): number {
    return SIZES[this.size] ?? SIZES[0];
  }

  /** The answer came after `ms` and named `artifact` (empty: none); returns ms until the next picture. */
  answered(ms: number, artifact: string): number {
    this.same = artifact && artifact === this.last ? this.same + 1 : 0;
    this.last = artifact;
    if (ms > SLOW_MS) this.size = Math.min(this.size + 1, SIZES.length - 1);
    else if (ms < SLOW_MS / 3) this.size = Math.max(this.size - 1, 0);
    const pause = Math.max(LEAST_MS, ms / 2);
    return Math.min(MOST_MS, this.same >= SETTLED ? Math.max(SETTLED_MS, pause) : pause);
  }

  /** No answer came, or nothing could be sent: ms until the next try. */
  missed(): number {
    this.size = Math.min(this.size + 1, SIZES.length - 1);
    return SETTLED_MS;
  }
}

/** Width and height of a picture whose longer side has at most `side` pixels; never enlarged. */
export function fitted(width: number, height: number, side: number): [number, number] {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}
