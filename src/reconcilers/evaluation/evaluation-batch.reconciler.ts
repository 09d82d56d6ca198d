import { follows, Next, type Reconcile, type ReconcileContext, Reconciler } from '../../kit/index.js';
import { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import { Query } from '../../resources/query/query.resource.js';
import { Duties, othersDuty } from '../duties.js';
import { isTerminal } from './evaluation-status.js';
import { leadBatch } from './lead-batch.js';

const copied = follows<Evaluation>(Evaluation, ({ metadata, spec }) =>
  (spec.config.evaluations ?? []).map(({ name, namespace }) => ({ name, namespace: namespace || metadata.namespace })),
);

/**
 * Leads batches. It writes the children under a name of its own, so that what is written beside a verdict later takes
 * nothing away from them.
 */
@Reconciler({
  name: 'evaluation-batch',
  kind: Evaluation,
  follows: [copied],
  owns: [Evaluation],
  reads: [Query],
  needs: [{ kind: Evaluation, subresource: 'status', verbs: ['update'] }],
})
export class EvaluationBatchReconciler implements Reconcile<Evaluation> {
  constructor(private readonly duties: Duties) {}

  async reconcile(evaluation: Evaluation, context: ReconcileContext): Promise<Next> {
    if (evaluation.spec.type !== 'batch' || isTerminal(evaluation)) return Next.onChange();
    if (evaluation.metadata.deletionTimestamp) return Next.onChange();
    return othersDuty(this.duties, evaluation) ?? leadBatch(evaluation, context);
  }
}
