import { type ArkError, canceled, timeout } from '../../kit/index.js';

/** Settles as the work does, or fails as soon as the signal is aborted; what the work then becomes is nobody's. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  work.catch(() => {});
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, fail) => {
    stop = () => fail(abortError(signal, what));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

/** Why the signal was aborted, as an error: the time was over, or somebody asked to stop. */
export function abortError({ reason }: AbortSignal, what: string): ArkError {
  const late = (reason as Error | undefined)?.name?.startsWith('Timeout') === true;
  return late
    ? timeout(`${what} took too long`, { cause: reason })
    : canceled(`${what} was canceled`, { cause: reason });
}
