import { ArkError } from '../../kit/index.js';

/** A server that answers so has too many callers, and is asked less often. */
const TOO_MANY = [402, 429, 503];
const SHORTEST_REST_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;
/** What a server may ask for at most: a task of hours should hear of its end. */
const LONGEST_REST_MS = 3_600_000;
const MOST_DOUBLINGS = 16;

/**
 * When to look at a task of a server again that could not be asked: twice as late with each failure, at most five
 * minutes; not before half a minute when the server has too many callers, and not before it wants to be asked.
 *
 * @param failures in a row, this one included
 * @param basisMs the pause between two looks that go well
 * @returns milliseconds, of which a tenth is chance: many may wait for one server
 */
export function pauseAfterFailure(error: unknown, failures: number, basisMs: number, chance = Math.random): number {
  const backOffMs = Math.min(basisMs * 2 ** Math.min(failures, MOST_DOUBLINGS), LONGEST_PAUSE_MS);
  const restMs = error instanceof ArkError ? wantedRest(error) : 0;
  return Math.max(backOffMs * (0.9 + chance() * 0.2), restMs * (1 + chance() * 0.1));
}

function wantedRest({ details, retryAfterMs = 0 }: ArkError): number {
  const floorMs = TOO_MANY.includes(Number(details.status)) ? SHORTEST_REST_MS : 0;
  return Math.max(floorMs, Math.min(retryAfterMs, LONGEST_REST_MS));
}
