/**
 * The server's time from the client's: the offset of the sample with the smallest delay among the last eight
 * (NTP's clock filter, RFC 5905 section 10). Nanoseconds.
 */
const SAMPLES = 8;

export class ServerClock {
  /** Server time less client time. */
  offset = 0;
  /** Samples since the connection began. */
  count = 0;
  private samples: { readonly offset: number; readonly delay: number }[] = [];

  /** Round trip of the sample that `offset` comes from, in seconds; null before the first. */
  get roundTrip(): number | null {
    const best = this.best();
    return best ? best.delay / 1e9 : null;
  }

  /** The server's time at the client's time `now`; never below 0. */
  at(now: number): number {
    return Math.max(0, now + this.offset);
  }

  /** A new connection, perhaps to a server started anew. */
  start(serverTime: number, now: number): void {
    this.samples = [];
    this.count = 0;
    this.offset = serverTime - now;
  }

  add(sent: number, serverReceived: number, serverSent: number, received: number): void {
    const delay = received - sent - (serverSent - serverReceived);
    if (delay < 0) return;
    this.samples.push({ offset: (serverReceived - sent + (serverSent - received)) / 2, delay });
    this.samples.splice(0, this.samples.length - SAMPLES);
    this.count++;
    this.offset = this.best()?.offset ?? this.offset;
  }

  private best(): { readonly offset: number; readonly delay: number } | undefined {
    return this.samples.reduce<{ offset: number; delay: number } | undefined>(
      (best, one) => (best && best.delay <= one.delay ? best : one),
      undefined,
    );
  }
}
