import type { QueryTarget } from '../shared/reference.js';
import type { Query, QuerySpec } from './query.resource.js';

/**
 * Who answers a Query, in order; empty when only `selector` says so. Understands every spelling: `target` as an object,
 * `target` as a list, and `targets`. `targets` wins over `target`, which mirrors its first entry.
 */
export function queryTargets(query: { spec: Pick<QuerySpec, 'target' | 'targets'> }): QueryTarget[] {
  const { targets } = query.spec;
  return targets && targets.length > 0 ? targets : writtenTargets(query.spec.target);
}

/** Both `target` and `targets` are given and disagree: nobody can tell who is meant. */
export function contradictoryTargets(spec: Pick<QuerySpec, 'target' | 'targets'>): boolean {
  const targets = spec.targets ?? [];
  const written = writtenTargets(spec.target);
  return targets.length > 0 && !written.every((target) => targets.some((other) => sameTarget(target, other)));
}

/** `target` as it stands in the manifest: an object, a list, or nothing. */
export function writtenTargets(target: unknown): QueryTarget[] {
  if (Array.isArray(target)) return target as QueryTarget[];
  return typeof target === 'object' && target !== null ? [target as QueryTarget] : [];
}

export function sameTarget(a: QueryTarget | undefined, b: QueryTarget | undefined): boolean {
  return a?.type === b?.type && a?.name === b?.name;
}

/** `agent/weather`: how a target is shown to people. */
export function targetText(target: QueryTarget): string {
  return `${target.type}/${target.name}`;
}

/** Whether a Query names or selects anybody at all. */
export function hasTarget(query: Pick<Query, 'spec'>): boolean {
  return queryTargets(query).length > 0 || query.spec.selector !== undefined;
}
