import { ArkError } from '../../kit/index.js';
import { ruleOf } from '../errors/families.js';

const FIRST_MS = 50;
const LONGEST_MS = 60_000;
/** A lost race is repeated so often without a pause. */
const CONFLICTS_AT_ONCE = 5;

/** When a failed object is tried again, by the family of its error. */
export class RetryPolicy {
  private readonly failures = new Map<string, number>();

  /** `random` gives 0 to 1; jitter takes up to half of the pause away. */
  constructor(private readonly random: () => number = Math.random) {}

  /** Milliseconds until the next try; undefined: only when something changes. */
  delayAfter(key: string, error: unknown): number | undefined {
    const { retry } = ruleOf(error);
    if (retry === 'never') {
      this.failures.delete(key);
      return undefined;
    }
    const failures = this.failures.get(key) ?? 0;
    this.failures.set(key, failures + 1);
    if (retry === 'at-once' && failures < CONFLICTS_AT_ONCE) return 0;
    if (error instanceof ArkError && error.retryAfterMs !== undefined) return error.retryAfterMs;
    const pause = Math.min(FIRST_MS * 2 ** failures, LONGEST_MS);
    return pause * (1 - this.random() / 2);
  }

  succeeded(key: string): void {
    this.failures.delete(key);
  }
}
