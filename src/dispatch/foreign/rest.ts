import type { Clock } from '../../machinery/controller/clock.js';

/** Resolves after so many milliseconds. @throws the signal's reason as soon as it is aborted */
export function rest(milliseconds: number, signal: AbortSignal, clock: Clock): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const callOff = clock.after(milliseconds, resolve);
  const leave = () => {
    callOff();
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', leave, { once: true });
  return promise.finally(() => signal.removeEventListener('abort', leave));
}
