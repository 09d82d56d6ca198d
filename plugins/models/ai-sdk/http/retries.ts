import { setTimeout as wait } from 'node:timers/promises';
import { ArkError } from 'nest-ark';

/** The first try included. */
const TRIES = 3;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** A provider that asks for more patience than this is reported instead of waited for. */
const LONGEST_RETRY_AFTER_MS = 30_000;

/** Tries again, after a wait that grows, while the failure is `Unavailable`; then throws the last failure. */
export async function withRetries<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      const waitMs = error instanceof ArkError ? waitBefore(error, tries) : undefined;
      if (waitMs === undefined || signal.aborted) throw error;
      await wait(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** Milliseconds until the next try; undefined when there is none. */
export function waitBefore(error: ArkError, tries: number, random = Math.random): number | undefined {
  if (error.family !== 'Unavailable' || tries >= TRIES) return undefined;
  if (error.retryAfterMs !== undefined) {
    return error.retryAfterMs > LONGEST_RETRY_AFTER_MS ? undefined : error.retryAfterMs;
  }
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  // Between half and whole, so that callers who failed together do not come back together.
  return longest * (0.5 + random() / 2);
}

/** `Retry-After` in milliseconds: seconds or a date, or the finer `retry-after-ms` of OpenAI and Azure. */
export function retryAfterMs(headers: { get(name: string): string | null }, now = Date.now()): number | undefined {
  const fine = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (fine >= 0) return fine;
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
