import type { QueryTarget } from '../shared/reference.js';
import type { QuerySpec } from './query.resource.js';
import { sameTarget, writtenTargets } from './query-target.js';

/**
 * Brings `target` and `targets` into one form, in place: `target` is an object and the first of `targets` when both are
 * there. A list in `target` moves. On update the side that the user changed wins; when both changed, `target` wins.
 * Idempotent.
 */
export function normaliseTargets(spec: QuerySpec, old?: QuerySpec): void {
  if (Array.isArray(spec.target)) moveList(spec, writtenTargets(spec.target));
  const { target, targets } = spec;
  if (!Array.isArray(targets) || targets.length === 0) return;
  if (!target) spec.target = targets[0];
  else if (old && !sameTarget(target, targets[0])) reconcileSides(spec, targets, old);
}

function moveList(spec: QuerySpec, list: QueryTarget[]): void {
  if (list.length > 1 && !spec.targets?.length) spec.targets = list;
  if (list[0]) spec.target = list[0];
  else delete spec.target;
}

function reconcileSides(spec: QuerySpec, targets: QueryTarget[], old: QuerySpec): void {
  const targetChanged = !sameTarget(spec.target, writtenTargets(old.target)[0]);
  const before = old.targets ?? [];
  const targetsChanged =
    before.length !== targets.length || targets.some((target, index) => !sameTarget(target, before[index]));
  if (targetChanged) spec.targets = [spec.target!];
  else if (targetsChanged) spec.target = targets[0];
}
