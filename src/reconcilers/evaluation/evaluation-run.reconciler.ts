import {
  ArkError,
  canceled,
  errorText,
  follows,
  Next,
  type ObjectKey,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
} from '../../kit/index.js';
import { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import { Evaluator } from '../../resources/evaluator/evaluator.resource.js';
import { Query } from '../../resources/query/query.resource.js';
import { ClaimHolders } from '../claim-holders.js';
import { boundedRun } from './bounded-run.js';
import { CANCEL_REASON, CANCELED, cancelWatch } from './cancel-watch.js';
import { EvaluationRunner, type PreparedEvaluation } from './evaluation-runner.js';
import { canceledStatus, doneStatus, errorStatus, pendingStatus, runningStatus } from './evaluation-status.js';
import { expiresInMs, nextStep, patienceMs, timeoutMs, tooManyAttempts } from './evaluation-step.checks.js';
import { storeEnd, storeFacts } from './store-verdict.js';

/** How often the holder of an Evaluation is looked at. */
const HOLDER_CHECK_MS = 5_000;
/** For what it waits for and no watch tells. */
const LOOK_AGAIN_MS = 2_000;

const judges = follows<Evaluation>(Evaluator, ({ metadata, spec }) => {
  const { name, namespace } = spec.evaluator ?? {};
  return name ? [{ name, namespace: namespace || metadata.namespace }] : [];
});
const judged = follows<Evaluation>(Query, ({ metadata, spec }) => {
  const { name, namespace } = spec.config.queryRef ?? {};
  return name ? [{ name, namespace: namespace || metadata.namespace }] : [];
});
/** Leads Evaluations to their verdicts, one per worker at a time, and lets them go when their time is over. */
@Reconciler({
  name: 'evaluation-run',
  kind: Evaluation,
  follows: [judges, judged],
  needs: [
    { kind: Evaluation, subresource: 'status', verbs: ['update'] },
    { kind: Evaluation, verbs: ['patch', 'delete'] },
  ],
  concurrency: 32,
})
export class EvaluationRunReconciler implements Reconcile<Evaluation> {
  private readonly running = new Map<string, AbortController>();

  constructor(
    private readonly runner: EvaluationRunner,
    private readonly holders: ClaimHolders,
  ) {}

  async reconcile(evaluation: Evaluation, context: ReconcileContext): Promise<Next> {
    const { self } = this.holders;
    const step = nextStep(evaluation, { self, isAlive: (holder) => this.holders.isAlive(holder) });
    if (step === 'expire') return expire(evaluation, context);
    if (step === 'watch-holder') return Next.after(HOLDER_CHECK_MS);
    if (step === 'give-up') await fail(evaluation, tooManyAttempts(evaluation.status?.claim?.attempt ?? 0), context);
    if (step === 'cancel') await fail(evaluation, canceled(CANCELED), context);
    if (step === 'judge') return this.judge(evaluation, context);
    return Next.onChange();
  }

  forget(_key: ObjectKey, uid: string): void {
    this.running.get(uid)?.abort(canceled('The Evaluation was deleted.'));
  }

  private async judge(evaluation: Evaluation, context: ReconcileContext): Promise<Next> {
    let prepared: PreparedEvaluation;
    try {
      prepared = await this.runner.prepare(evaluation);
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      return wait(evaluation, error, context);
    }
    const attempt = (evaluation.status?.claim?.attempt ?? 0) + 1;
    const running = runningStatus(evaluation, this.holders.self, attempt, context.now());
    await this.run(await context.replaceStatus(evaluation, running), prepared, context);
    return Next.onChange();
  }

  private async run(claimed: Evaluation, prepared: PreparedEvaluation, context: ReconcileContext): Promise<void> {
    const uid = claimed.metadata.uid ?? '';
    const stop = new AbortController();
    this.running.set(uid, stop);
    const signal = AbortSignal.any([stop.signal, context.signal]);
    const unwatch = cancelWatch(claimed, context, stop);
    try {
      const verdict = await boundedRun(prepared, timeoutMs(claimed), signal);
      await storeFacts(claimed, verdict.metadata, context);
      await storeEnd(claimed, (current) => doneStatus(current, verdict, context.now()), context);
    } catch (error) {
      // Deleted, or the process stops: whoever comes next begins anew.
      if (signal.aborted && !isCancel(signal.reason)) return;
      if (!(error instanceof ArkError))
        context.logger.error({ evaluation: claimed.metadata.name, err: error }, 'A bug');
      await fail(claimed, error, context);
    } finally {
      unwatch();
      this.running.delete(uid);
    }
  }
}

const isCancel = (reason: unknown) => reason instanceof ArkError && reason.reason === CANCEL_REASON;

/** Waits for what may still come, as long as judging may take; what has to be changed first is an error at once. */
async function wait(evaluation: Evaluation, error: ArkError, context: ReconcileContext): Promise<Next> {
  const mayCome = error.family === 'NotFound' || error.family === 'Unavailable';
  if (!mayCome || patienceMs(evaluation, context.now()) <= 0) {
    await fail(evaluation, error, context);
    return Next.onChange();
  }
  await context.replaceStatus(evaluation, pendingStatus(evaluation, errorText(error), context.now()));
  return Next.after(Math.min(LOOK_AGAIN_MS, patienceMs(evaluation, context.now())));
}

async function fail(evaluation: Evaluation, error: unknown, context: ReconcileContext): Promise<void> {
  const message = errorText(error);
  const isCanceled = error instanceof ArkError && error.family === 'Canceled';
  const status = isCanceled ? canceledStatus : errorStatus;
  const isMine = await storeEnd(evaluation, (current) => status(current, message, context.now()), context);
  // Whoever ended it tells.
  if (!isMine) return;
  if (isCanceled) context.event(evaluation, { type: 'Normal', reason: 'EvaluationCanceled', message });
  else context.event(evaluation, { type: 'Warning', reason: 'EvaluationErrored', message });
}

async function expire(evaluation: Evaluation, context: ReconcileContext): Promise<Next> {
  const remainingMs = expiresInMs(evaluation, context.now());
  if (Number.isNaN(remainingMs)) return Next.onChange();
  if (remainingMs > 0) return Next.after(remainingMs);
  await context.delete(evaluation);
  return Next.onChange();
}
