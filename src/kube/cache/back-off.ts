export interface BackOffOptions {
  /** Milliseconds before the second try. Default: 100. */
  first?: number;
  /** No pause is longer, in milliseconds. Default: 10 000. */
  longest?: number;
}

/** Pauses between tries: each twice as long as the one before, less up to a half by chance, so that crowds spread out. */
export class BackOff {
  private failures = 0;

  constructor(
    private readonly options: BackOffOptions = {},
    private readonly random: () => number = Math.random,
  ) {}

  reset(): void {
    this.failures = 0;
  }

  /** Milliseconds to wait now. */
  next(): number {
    const { first = 100, longest = 10_000 } = this.options;
    const full = Math.min(longest, first * 2 ** Math.min(this.failures++, 30));
    return full * (1 - this.random() / 2);
  }

  /** Waits; a signal cuts it short. */
  async pause(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, this.next());
      signal.addEventListener('abort', done);
    });
  }
}
