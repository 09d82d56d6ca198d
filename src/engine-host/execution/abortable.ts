import { setImmediate as turn } from 'node:timers/promises';

/** Milliseconds that a source may keep the process for itself before timers and other requests get their turn. */
const TURN_MS = 1;

/**
 * The values of `source` until it ends or the signal is aborted; then the signal's reason is thrown, at once, even if
 * the source does not listen to it. The source is told to stop and not waited for. A source that never waits for
 * anything is paused between values, so that clocks and cancellations are heard.
 */
export async function* abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  signal.throwIfAborted();
  const iterator = source[Symbol.asyncIterator]();
  const stop = async () => iterator.return?.();
  // One promise per value: a race against one that lives as long as the source would remember every value.
  let interrupt: (reason: unknown) => void = () => {};
  const onAbort = () => interrupt(signal.reason);
  signal.addEventListener('abort', onAbort);
  let ended = false;
  let turnBegan = performance.now();
  try {
    for (;;) {
      if (performance.now() - turnBegan > TURN_MS) {
        await turn();
        turnBegan = performance.now();
      }
      signal.throwIfAborted();
      const result = await new Promise<IteratorResult<T>>((resolve, reject) => {
        interrupt = reject;
        Promise.resolve(iterator.next()).then(resolve, reject);
      });
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    ended = true;
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!ended) void stop().catch(() => {});
  }
}
