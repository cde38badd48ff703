/** Numbers of what was asked and is not answered, each with its deadline. */
export class Pending {
  private last = 0;
  private readonly deadlines = new Map<number, number>();

  /** At most `most` at a time. */
  constructor(private readonly most: number) {}

  get count(): number {
    return this.deadlines.size;
  }

  /** The next number, waited for until `deadline` (ns); null while as many are waited for as may be. */
  add(deadline: number): number | null {
    if (this.deadlines.size >= this.most) return null;
    this.deadlines.set(++this.last, deadline);
    return this.last;
  }

  answered(number: number): void {
    this.deadlines.delete(number);
  }

  /** Gives up what is late at `now` (ns). */
  lapse(now: number): void {
    for (const [number, deadline] of this.deadlines) if (deadline <= now) this.deadlines.delete(number);
  }

  clear(): void {
    this.deadlines.clear();
  }
}
