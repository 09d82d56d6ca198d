import { Next, type Reconcile, type ReconcileContext, Reconciler } from '../../kit/index.js';
import { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import { Evaluator } from '../../resources/evaluator/evaluator.resource.js';
import { EVALUATION_METADATA_PREFIX } from '../../resources/labels.js';
import { Query, type QueryEvaluation } from '../../resources/query/query.resource.js';
import { labelsMatch } from '../../resources/shared/label-match.js';
import type { NamedReference } from '../../resources/shared/reference.js';
import { ensureEvaluation, evaluationName, isFinished, wants } from './automatic-evaluation.js';

/**
 * Has every finished Query judged by those who want it: the Evaluators of its namespace whose selector it matches, and
 * those that the Query itself asks for. The verdicts of the latter also stand in the Query.
 */
@Reconciler({
  name: 'query-evaluations',
  kind: Query,
  reads: [Evaluator],
  owns: [Evaluation],
  needs: [{ kind: Evaluation, subresource: 'status', verbs: ['update'] }],
})
export class QueryEvaluationsReconciler implements Reconcile<Query> {
  async reconcile(query: Query, context: ReconcileContext): Promise<Next> {
    if (!isFinished(query)) return Next.onChange();
    const present = context.list(Evaluator, { namespace: query.metadata.namespace });
    const asked = askedBy(query, present);
    const willing = present.filter((evaluator) => wants(evaluator, query)).map(({ metadata }) => metadata);
    const judges = new Map([...willing.map(({ name }) => ({ name })), ...asked].map((each) => [each.name, each]));
    for (const judge of judges.values()) await ensureEvaluation(judge, query, context);
    if (asked.length > 0) await tell(query, asked, context);
    return Next.onChange();
  }
}

function askedBy({ metadata, spec }: Query, present: Evaluator[]): NamedReference[] {
  const { evaluators = [], evaluatorSelector } = spec;
  const selected = evaluatorSelector
    ? present.filter((evaluator) => labelsMatch(evaluatorSelector, evaluator.metadata.labels))
    : [];
  const named = evaluators.map(({ name, namespace }) => ({ name, namespace: namespace || metadata.namespace }));
  return [...named, ...selected.map((evaluator) => ({ name: evaluator.metadata.name }))];
}

/** Written once, when every verdict is there. */
async function tell(query: Query, asked: NamedReference[], context: ReconcileContext): Promise<void> {
  const evaluations: QueryEvaluation[] = [];
  for (const { name } of asked) {
    const key = { namespace: query.metadata.namespace, name: evaluationName(name, query.metadata.name) };
    const verdict = verdictOf(name, context.get(Evaluation, key));
    if (!verdict) return;
    evaluations.push(verdict);
  }
  await context.applyStatus(query, { evaluations });
}

function verdictOf(evaluatorName: string, evaluation: Evaluation | undefined): QueryEvaluation | undefined {
  const { phase, score = '0', passed = false, message = '' } = evaluation?.status ?? {};
  if (phase === 'error') return { evaluatorName, score: '0', passed: false, metadata: { error: message } };
  if (phase !== 'done') return undefined;
  const facts = Object.entries(evaluation?.metadata.annotations ?? {})
    .filter(([key]) => key.startsWith(EVALUATION_METADATA_PREFIX))
    .map(([key, value]) => [key.slice(EVALUATION_METADATA_PREFIX.length), value]);
  return { evaluatorName, score, passed, metadata: Object.fromEntries(facts) as Record<string, string> };
}
