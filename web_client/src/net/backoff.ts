/**
 * When to try again: the wait doubles from try to try up to a most, and chance takes up to half of it away, so
 * that a thousand pages do not come back in the same second.
 */
export class Backoff {
  /** Tries since the last success. */
  tries = 0;

  /** Waits between `least` and `most` ms; `chance` returns numbers from 0 to 1. */
  constructor(
    private readonly least: number,
    private readonly most: number,
    private readonly chance: () => number,
  ) {}

  /** Counts one more failed try and says how many ms to wait. */
  next(): number {
    const wait = Math.min(this.most, this.least * 2 ** Math.min(this.tries, 30));
    this.tries++;
    return wait - wait * 0.5 * this.chance();
  }

  /** A connection held: begin anew. */
  reset(): void {
    this.tries = 0;
  }
}
