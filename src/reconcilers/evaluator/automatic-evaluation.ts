import { createHash } from 'node:crypto';
import { type ReconcileContext, resourceType } from '../../kit/index.js';
import { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import type { Evaluator } from '../../resources/evaluator/evaluator.resource.js';
import { AUTO_LABEL, EVALUATOR_LABEL, QUERY_GENERATION, QUERY_LABEL, QUERY_PHASE } from '../../resources/labels.js';
import type { Query } from '../../resources/query/query.resource.js';
import { labelsMatch } from '../../resources/shared/label-match.js';
import type { NamedReference } from '../../resources/shared/reference.js';

/** Names of objects are at most so long. */
const LONGEST_NAME = 253;
/** Values of labels are at most so long. */
const LONGEST_LABEL = 63;
const ENDED: unknown[] = ['done', 'error', 'canceled'];

/** Whether an Evaluator wants every Query like this one. */
export function wants(evaluator: Evaluator, query: Query): boolean {
  const { selector } = evaluator.spec;
  return selector !== undefined && isFinished(query) && labelsMatch(selector, query.metadata.labels);
}

/** Only an answer can be judged. */
export const isFinished = (query: Query): boolean =>
  query.status?.phase === 'done' && !query.metadata.deletionTimestamp;

export function evaluationName(evaluator: string, query: string): string {
  return short(`${evaluator}-${query}-eval`, LONGEST_NAME);
}

/**
 * Sees to it that a finished Query has the Evaluation of this evaluator, begun anew when the Query's spec has changed
 * since. It goes with its Query. An object of that name that somebody else made is left as it is.
 */
export async function ensureEvaluation(evaluator: NamedReference, query: Query, context: ReconcileContext) {
  const wanted = automaticEvaluation(evaluator, query);
  const existing = context.get(Evaluation, wanted.metadata);
  if (existing) {
    const owner = existing.metadata.ownerReferences?.find(({ kind }) => kind === 'Query');
    if (owner?.uid !== query.metadata.uid) return;
    const judged = existing.metadata.annotations?.[QUERY_GENERATION];
    if (judged === wanted.metadata.annotations?.[QUERY_GENERATION]) return;
    // A judgement under way ends first: its end wakes the Query, and this is seen again.
    if (existing.status?.phase !== undefined && !ENDED.includes(existing.status.phase)) return;
    // Forgotten first: if this process ends between the two writes, it is judged once too often rather than never.
    await context.replaceStatus(existing, {});
  }
  await context.apply(wanted);
}

function automaticEvaluation({ name, namespace }: NamedReference, query: Query): Evaluation {
  const { metadata } = query;
  const { group, version } = resourceType(Evaluation);
  const elsewhere = namespace && namespace !== metadata.namespace ? { namespace } : {};
  return {
    apiVersion: `${group}/${version}`,
    kind: 'Evaluation',
    metadata: {
      name: evaluationName(name, metadata.name),
      namespace: metadata.namespace,
      labels: {
        [EVALUATOR_LABEL]: short(name, LONGEST_LABEL),
        [QUERY_LABEL]: short(metadata.name, LONGEST_LABEL),
        [AUTO_LABEL]: 'true',
      },
      annotations: {
        [QUERY_GENERATION]: String(metadata.generation ?? 0),
        [QUERY_PHASE]: query.status?.phase ?? '',
      },
      ownerReferences: [
        { apiVersion: query.apiVersion, kind: query.kind, name: metadata.name, uid: metadata.uid ?? '' },
      ],
    },
    spec: {
      type: 'query',
      evaluator: { name, ...elsewhere },
      config: { queryRef: { name: metadata.name } },
    },
  };
}

function short(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 10);
  return `${name.slice(0, longest - digest.length - 1)}-${digest}`;
}
