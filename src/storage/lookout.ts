import type { Storage } from './storage.js';

/** With news arriving a look is needed only for what no news can tell. */
const LIVE_LOOK_MS = 10_000;

/** Says when it is worth looking at something in the database again. */
export class Lookout {
  private heard = false;
  private wake = () => {};
  private readonly stops: (() => void)[];

  /** @param lookMs between two looks while news of other processes do not arrive */
  constructor(
    private readonly storage: Pick<Storage, 'shared' | 'news'>,
    topic: string,
    private readonly signal: AbortSignal,
    private readonly lookMs: number,
  ) {
    const hear = () => {
      this.heard = true;
      this.wake();
    };
    signal.addEventListener('abort', hear, { once: true });
    this.stops = [storage.news.on(topic, hear), () => signal.removeEventListener('abort', hear)];
  }

  /** Resolves at news since the last call, when it is time to look, or when the signal is aborted. */
  async next(mostMs = Number.POSITIVE_INFINITY): Promise<void> {
    if (!this.heard && !this.signal.aborted) await this.rest(Math.min(mostMs, this.patience()));
    this.heard = false;
  }

  stop(): void {
    for (const stop of this.stops) stop();
    this.wake();
  }

  private patience(): number {
    const { shared, news } = this.storage;
    if (!shared) return Number.POSITIVE_INFINITY;
    return news.live ? LIVE_LOOK_MS : this.lookMs;
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
