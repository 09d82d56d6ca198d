import type { Answer } from './call.js';

/**
 * After how many milliseconds to ask again. By the rules of the API, a server that answers `Retry-After` did not act on
 * the request.
 */
export function retryAfterMs({ code, headers }: Answer): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined || (code !== 429 && code < 500)) return undefined;
  const seconds = Number(text);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
