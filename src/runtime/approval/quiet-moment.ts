/** Milliseconds without work after which a run is taken to do nothing but wait. */
const QUIET_MS = 25;

/** Knows when a run, with everything it does side by side, only waits. */
export class QuietMoment {
  private active = 0;
  private wanted?: () => void;
  private timer?: NodeJS.Timeout;

  /** Counts as work until it has ended. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  async *duringStream<T>(pieces: AsyncIterable<T>): AsyncGenerator<T, void> {
    this.begin();
    try {
      yield* pieces;
    } finally {
      this.end();
    }
  }

  /** Within work: it waits for something else, which counts by itself. */
  async whileWaiting<T>(other: () => Promise<T>): Promise<T> {
    this.end();
    try {
      return await other();
    } finally {
      this.begin();
    }
  }

  /** Calls back once, as soon as nothing is at work. */
  whenQuiet(callback: () => void): void {
    this.wanted = callback;
    this.look();
  }

  private begin(): void {
    this.active += 1;
    clearTimeout(this.timer);
  }

  private end(): void {
    this.active -= 1;
    this.look();
  }

  private look(): void {
    clearTimeout(this.timer);
    if (this.active > 0 || !this.wanted) return;
    // Between two pieces of work there is a moment without any.
    this.timer = setTimeout(() => {
      const callback = this.wanted;
      this.wanted = undefined;
      callback?.();
    }, QUIET_MS);
  }
}
