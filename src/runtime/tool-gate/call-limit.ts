import { timeout } from '../../kit/index.js';

/** Node's timers hold at most this many milliseconds, and fire at once for more. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface TimeLimit {
  signal: AbortSignal;
  limitMs: number;
  /** For the message, e.g. `tool 'search'`. */
  what: string;
  /** What stands behind the message, asked when the time is over. */
  waitedFor?(): string;
}

/**
 * Waits for work no longer than so many milliseconds, and no longer than the signal allows; the work is told to stop
 * and not waited for.
 *
 * @throws `Timeout`, the signal's reason, and what the work throws
 */
export async function withinLimit<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { signal, limitMs, what, waitedFor }: TimeLimit,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    reject(reason);
    controller.abort(reason);
  };
  const onAbort = () => end(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const late = () => end(timeout(`${what} did not answer within ${limitMs / 1000} seconds${waitedFor?.() ?? ''}`));
  const timer = limitMs <= LONGEST_TIMER ? setTimeout(late, limitMs) : undefined;
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
