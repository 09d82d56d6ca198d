import { invalid, type KubeObject, notFound, type ResourceClass } from '../kit/index.js';
import { Agent } from '../resources/agent/agent.resource.js';
import { Model } from '../resources/model/model.resource.js';
import { MAX_TARGETS, type Query } from '../resources/query/query.resource.js';
import { queryTargets, sameTarget, targetText } from '../resources/query/query-target.js';
import { labelsMatch } from '../resources/shared/label-match.js';
import type { QueryTarget, TargetType } from '../resources/shared/reference.js';
import { selectorProblems } from '../resources/shared/selector-problems.js';
import { Team } from '../resources/team/team.resource.js';
import { Tool } from '../resources/tool/tool.resource.js';
import { reaches } from './delegation/reach.js';
import type { Objects } from './objects.js';

/** The order in which a selector looks for somebody. */
const SELECTED: [TargetType, ResourceClass][] = [
  ['agent', Agent],
  ['team', Team],
  ['model', Model],
  ['tool', Tool],
];

/**
 * Who answers a Query: its targets in order, else the first object that its selector finds.
 *
 * @throws `Invalid` without target and selector, with too many targets or with a selector that is none; `NotFound` when
 *   the selector finds nobody
 */
export async function resolveTargets(query: Query, objects: Objects): Promise<QueryTarget[]> {
  const named = queryTargets(query);
  const { selector } = query.spec;
  const { name, namespace } = query.metadata;
  // `target` as a list has no schema where no admission ran.
  if (named.length > MAX_TARGETS) {
    const told = `query ${namespace}/${name} names ${named.length} targets, and at most ${MAX_TARGETS} are allowed`;
    throw invalid(`${told}: spread them over several Queries`);
  }
  const malformed = named.findIndex((target) => !isTarget(target));
  if (malformed >= 0) {
    throw invalid(`query ${namespace}/${name}: target ${malformed + 1} is no answerer; write {type, name}`);
  }
  if (named.length > 0) return named;
  if (!selector) throw invalid(`query ${namespace}/${name} names nobody: write spec.target or spec.selector`);
  const [problem] = selectorProblems(selector, 'spec.selector');
  if (problem) throw invalid(`query ${namespace}/${name}: ${problem}`);
  for (const [type, kind] of SELECTED) {
    const found = (await objects.list<KubeObject>(kind, { namespace }))
      .filter((object) => labelsMatch(selector, object.metadata.labels))
      .map((object) => object.metadata.name)
      .sort();
    if (found[0] !== undefined) return [{ type, name: found[0] }];
  }
  throw notFound(
    `query ${namespace}/${name}: no agent, team, model or tool in namespace '${namespace}' matches spec.selector`,
  );
}

const isTarget = (target: unknown): boolean => {
  const { type, name } = (target ?? {}) as Partial<QueryTarget>;
  return typeof type === 'string' && typeof name === 'string' && name !== '';
};

/**
 * The one target that an engine is asked to act for.
 *
 * @param wanted named by the caller: one of the Query's own targets, or an agent that work on them can lead to; `asked` says
 * that it is such a one
 */
export async function chooseTarget(
  query: Query,
  wanted: { type: string; name: string } | undefined,
  objects: Objects,
): Promise<{ target: QueryTarget; asked: boolean }> {
  const targets = await resolveTargets(query, objects);
  const target = wanted ? targets.find((own) => sameTarget(own, wanted as QueryTarget)) : targets[0];
  if (target) return { target, asked: false };
  const { name, namespace = '' } = query.metadata;
  const { type, name: who } = wanted as QueryTarget;
  if (type === 'agent' && (await reaches(targets, who, namespace, objects))) {
    return { target: { type, name: who }, asked: true };
  }
  const known = targets.map(targetText).join(', ');
  throw invalid(
    `query ${name} has no target ${type}/${who}, and none of its targets leads there; its targets: ${known}`,
  );
}
