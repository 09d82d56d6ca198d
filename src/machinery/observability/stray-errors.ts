import type { EventEmitter } from 'node:events';
import type { BugReports } from './bug-reports.js';

/** So many stray throws within so long, and the process is too broken to go on. */
const MOST_THROWS = 10;
const WITHIN_MS = 60_000;

/**
 * Keeps the process alive when something fails where nobody can catch it, as plugins of strangers do: a promise nobody
 * waits for, a throw from a timer, an `error` event without a listener. Each is reported as a bug. Why it goes on after
 * a throw, and when it does not: docs/adr/0016.
 *
 * @param giveUp ends the process at once
 * @returns the way to leave such errors to Node again
 */
export function surviveStrayErrors(
  bugs: BugReports,
  giveUp: () => void = () => process.exit(1),
  source: EventEmitter = process,
  now: () => number = Date.now,
): () => void {
  let throws: number[] = [];
  const onRejection = (reason: unknown) => bugs.report(reason, { stray: 'unhandledRejection' });
  const onThrow = (error: unknown) => {
    bugs.report(error, { stray: 'uncaughtException' });
    throws = [...throws.filter((at) => now() - at < WITHIN_MS), now()];
    if (throws.length < MOST_THROWS) return;
    const limit = `${MOST_THROWS} within ${WITHIN_MS / 1000} seconds`;
    bugs.report(new Error(`The process ends: too many errors were thrown where nobody catches them (${limit}).`), {});
    giveUp();
  };
  source.on('unhandledRejection', onRejection);
  source.on('uncaughtException', onThrow);
  return () => {
    source.off('unhandledRejection', onRejection);
    source.off('uncaughtException', onThrow);
  };
}
