import { TooMany } from './too-many.js';

const MINUTE_MS = 60_000;
/** So much of a minute's requests may come at once. */
const BURST_SHARE = 6;
const MOST_CALLERS = 10_000;

interface Bucket {
  /** Requests that may come now. */
  left: number;
  at: number;
}

/** So many requests a minute for each caller, a sixth of them at once. Whoever is not seen for long is forgotten first. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();
  private readonly burst: number;
  private readonly perMs: number;

  /** @param perMinute 0: no limit */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = Date.now,
    private readonly most = MOST_CALLERS,
  ) {
    this.burst = Math.max(1, Math.floor(perMinute / BURST_SHARE));
    this.perMs = perMinute / MINUTE_MS;
  }

  /** Counts a request. @throws {@link TooMany} */
  take(caller: string): void {
    if (this.perMinute === 0) return;
    const now = this.now();
    const known = this.buckets.get(caller) ?? { left: this.burst, at: now };
    const left = Math.min(this.burst, known.left + Math.max(0, now - known.at) * this.perMs);
    this.keep(caller, { left: left >= 1 ? left - 1 : left, at: now });
    if (left >= 1) return;
    throw new TooMany(`more than ${this.perMinute} requests a minute`, Math.ceil((1 - left) / this.perMs / 1000));
  }

  /** The last seen stands last. */
  private keep(caller: string, bucket: Bucket): void {
    this.buckets.delete(caller);
    this.buckets.set(caller, bucket);
    const oldest = this.buckets.keys().next().value;
    if (this.buckets.size > this.most && oldest !== undefined) this.buckets.delete(oldest);
  }
}
