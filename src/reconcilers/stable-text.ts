import { errorText } from '../kit/index.js';

/** Characters; a server may answer with a page, and a status is no place for it. */
const LONGEST = 2_000;

/** The text of a failure for a status: without what differs from call to call, which would only churn it. */
export function stableText(error: unknown): string {
  const text = errorText(error)
    .replace(/\b(request|req|trace|correlation)[-_ ]?id\b["']?\s*[:=]?\s*["']?[\w-]{6,}["']?/gi, 'request id …')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '…')
    .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.]*(Z|[+-]\d\d:?\d\d)?/g, '…')
    .replace(/\b(in|after) (\d[\d.]* ?(milliseconds?|seconds?|minutes?|hours?|ms|s|m|h)(?![a-z]) ?)+/gi, '$1 … ')
    .trim()
    .replace(/\.$/, '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
