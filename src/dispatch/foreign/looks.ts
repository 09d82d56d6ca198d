import { pauseAfterFailure } from '../../resources/a2a-task/look-again.js';
import { innermost } from './foreign-failure.js';

const FIRST_MS = 250;
const SLOWEST_MS = 5_000;

/** How often a task is looked at: often at first, then every five seconds; seldom while its server is away. */
export class Looks {
  /** In a row. */
  failures = 0;
  private pauseMs = FIRST_MS;

  went(): void {
    this.failures = 0;
  }

  /** Milliseconds until the next look. */
  nextMs(): number {
    const pauseMs = this.pauseMs;
    this.pauseMs = Math.min(SLOWEST_MS, pauseMs * 1.5);
    return pauseMs;
  }

  /** Milliseconds until the next look after one that failed. */
  failed(error: unknown): number {
    this.failures += 1;
    return pauseAfterFailure(innermost(error), this.failures, FIRST_MS);
  }
}
