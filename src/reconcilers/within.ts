/**
 * What the work comes to, or the given error when it takes too long, whether the work listens to its signal or not.
 *
 * @throws what the work throws, `late`, or what `stopping` was aborted with
 */
export async function within<T>(
  milliseconds: number,
  late: Error,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  stopping.throwIfAborted();
  const limit = new AbortController();
  const abort = () => limit.abort(stopping.reason);
  stopping.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => limit.abort(late), milliseconds);
  const aborted = new Promise<never>((_resolve, reject) => {
    limit.signal.addEventListener('abort', () => reject(limit.signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([work(limit.signal), aborted]);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', abort);
    aborted.catch(() => undefined);
  }
}
