import { timeout } from '../../kit/index.js';
import { formatDuration } from '../../resources/values/duration.js';
import type { PreparedEvaluation, Verdict } from './evaluation-runner.js';

/** Judges within a time, whether the evaluator listens to its signal or not. Throws `Timeout`, or why it was stopped. */
export async function boundedRun(prepared: PreparedEvaluation, limitMs: number, stop: AbortSignal): Promise<Verdict> {
  const limit = new AbortController();
  const late = () => limit.abort(timeout(`no verdict within ${formatDuration(limitMs)} (spec.timeout)`));
  const stopped = () => limit.abort(stop.reason);
  const timer = setTimeout(late, Math.min(limitMs, 2 ** 31 - 1));
  stop.addEventListener('abort', stopped, { once: true });
  const aborted = new Promise<never>((_, reject) => {
    limit.signal.addEventListener('abort', () => reject(limit.signal.reason as Error), { once: true });
  });
  try {
    stop.throwIfAborted();
    return await Promise.race([prepared.run(limit.signal), aborted]);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', stopped);
    aborted.catch(() => undefined);
  }
}
