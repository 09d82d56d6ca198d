import type { QueryOutcome } from '../reconcilers/query/query-dispatcher.js';
import type { Query } from '../resources/query/query.resource.js';
import { sameTarget } from '../resources/query/query-target.js';
import type { QueryTarget } from '../resources/shared/reference.js';
import { spentBefore } from '../resources/shared/spent.js';

/**
 * What the targets of a Query answered before it paused for another one of them: whoever is done is not asked again. The
 * tokens they spent together are told by the first of them.
 */
export function answeredBefore({ status }: Query, targets: readonly QueryTarget[]): (QueryOutcome | undefined)[] {
  const responses = status?.responses ?? [];
  if (!responses.some(({ phase }) => phase === 'input-required')) return [];
  let tokenUsage = spentBefore(status ?? {});
  return targets.map((target, i) => {
    const before = responses[i];
    if (!before || before.phase === 'input-required' || !sameTarget(before.target, target)) return undefined;
    const { content = '', raw = '[]', phase, a2a } = before;
    const outcome = { target, content, raw, phase: phase as QueryOutcome['phase'], ...(a2a ? { a2a } : {}) };
    const spent = tokenUsage ? { tokenUsage } : {};
    tokenUsage = undefined;
    return { ...outcome, ...spent };
  });
}

/** The question of a target for whose answer the Query paused. */
export function stillAsking({ status }: Query, target: QueryTarget): QueryOutcome | undefined {
  const responses = status?.responses ?? [];
  const asking = responses.find((one) => one.phase === 'input-required' && sameTarget(one.target, target));
  if (!asking) return undefined;
  const { content = '', raw = '{}', a2a } = asking;
  return { target, content, raw, phase: 'input-required', ...(a2a ? { a2a } : {}) };
}
