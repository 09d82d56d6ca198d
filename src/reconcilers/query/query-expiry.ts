import { findCondition } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { durationOr } from '../../resources/values/duration.js';
import { COMPLETED } from './query-claim.js';

/**
 * Milliseconds until a finished Query has outlived its time to live, zero or less when it has; undefined: it is kept.
 * The time runs from completion.
 */
export function expiresInMs(query: Query, now: Date): number | undefined {
  if (!query.spec.ttl) return undefined;
  const ttl = durationOr(query.spec.ttl, Number.NaN);
  const completed = findCondition(query.status?.conditions, COMPLETED);
  const anchor = completed?.status === 'True' ? completed.lastTransitionTime : query.metadata.creationTimestamp;
  const at = Date.parse(anchor ?? '') + ttl;
  return Number.isNaN(at) ? undefined : at - now.getTime();
}
