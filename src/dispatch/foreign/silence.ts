/** A signal that is aborted with another one, and after a silence: nobody spoke for so long since the clock was set. */
export class Silence {
  private readonly over = new AbortController();
  private timer?: NodeJS.Timeout;
  readonly signal: AbortSignal;

  constructor(
    outer: AbortSignal,
    private readonly longestMs: number,
  ) {
    this.signal = AbortSignal.any([outer, this.over.signal]);
  }

  /** Sets the clock, or sets it anew. */
  heard(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.over.abort(), this.longestMs);
    this.timer.unref();
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
