import { durationOr } from '../values/duration.js';
import type { Query } from './query.resource.js';

/** Ark's default of `spec.timeout`, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 300_000;

/** The last moment that JavaScript has. */
const LATEST_MS = 8.64e15;

/** How long one execution of a Query may take, in milliseconds. */
export const timeoutOf = ({ spec }: Query): number => durationOr(spec.timeout, DEFAULT_TIMEOUT_MS);

/** When the time of a Query is over: it counts from the claim; for a Query that nobody holds, from now. */
export function deadlineOf(query: Query, now = Date.now()): Date {
  const { phase, claim } = query.status ?? {};
  const since = phase === 'running' ? Date.parse(claim?.since ?? '') : Number.NaN;
  return new Date(Math.min(LATEST_MS, (Number.isNaN(since) ? now : since) + timeoutOf(query)));
}
