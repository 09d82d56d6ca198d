import {
  ArkError,
  Evaluators,
  errorText,
  invalid,
  Next,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
} from '../../kit/index.js';
import { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import { Evaluator, type EvaluatorStatus } from '../../resources/evaluator/evaluator.resource.js';
import { evaluatorAddress, notInstalled } from '../../resources/evaluator/evaluator-address.js';
import { Query } from '../../resources/query/query.resource.js';
import { refusePassword, statusAddress } from '../../resources/values/address.js';
import { references, resolveValue } from '../../resources/values/resolve-value.js';
import { Duties, othersDuty } from '../duties.js';
import { followValues } from '../follow-values.js';
import { ensureEvaluation, wants } from './automatic-evaluation.js';

/** What it waits for is watched; this is for what no watch tells. */
const TRY_AGAIN_MS = 60_000;

/** Says where an Evaluator is, and has it judge the Queries that were finished before it came. */
@Reconciler({
  name: 'evaluator-address',
  kind: Evaluator,
  follows: followValues<Evaluator>(({ metadata, spec }) => references(spec.address, metadata.namespace ?? '')),
  reads: [Query, Evaluation],
  needs: [
    { kind: Evaluation, subresource: 'status', verbs: ['update'] },
    { kind: Evaluation, verbs: ['create', 'patch'] },
  ],
})
export class EvaluatorAddressReconciler implements Reconcile<Evaluator> {
  constructor(
    private readonly evaluators: Evaluators,
    private readonly duties: Duties,
  ) {}

  async reconcile(evaluator: Evaluator, context: ReconcileContext): Promise<Next> {
    if (evaluator.metadata.deletionTimestamp) return Next.onChange();
    const others = othersDuty(this.duties, evaluator);
    if (others) return others;
    const status = await this.statusOf(evaluator, context);
    const { phase, message } = evaluator.status ?? {};
    await context.applyStatus(evaluator, status);
    const ready = status.phase === 'ready';
    if (phase !== status.phase || message !== status.message) {
      const reason = ready ? 'AddressResolved' : 'AddressResolutionFailed';
      context.event(evaluator, { type: ready ? 'Normal' : 'Warning', reason, message: status.message ?? '' });
    }
    if (!ready) return Next.after(TRY_AGAIN_MS);
    if (evaluator.spec.selector) await judgeFinished(evaluator, context);
    return Next.onChange();
  }

  private async statusOf({ metadata, spec }: Evaluator, context: ReconcileContext): Promise<EvaluatorStatus> {
    try {
      const address = await resolveValue(spec.address, metadata.namespace ?? '', context);
      if (!address) throw invalid('spec.address is empty: write value or valueFrom');
      refusePassword(address);
      const found = evaluatorAddress(address);
      if ('plugin' in found && !this.evaluators.get(found.plugin)) {
        throw notInstalled(found.plugin, this.evaluators.names());
      }
      return {
        phase: 'ready',
        lastResolvedAddress: statusAddress(spec.address, address),
        message: 'The address is resolved',
      };
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      return { phase: 'error', message: errorText(error) };
    }
  }
}

async function judgeFinished(evaluator: Evaluator, context: ReconcileContext): Promise<void> {
  const { name, namespace } = evaluator.metadata;
  for (const query of context.list(Query, { namespace })) {
    if (wants(evaluator, query)) await ensureEvaluation({ name }, query, context);
  }
}
