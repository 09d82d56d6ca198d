import {
  ArkError,
  addUsage,
  errorText,
  invalid,
  Next,
  type ReconcileContext,
  type TokenUsage,
} from '../../kit/index.js';
import {
  type BatchProgress,
  type ChildEvaluation,
  Evaluation,
  type EvaluationStatus,
} from '../../resources/evaluation/evaluation.resource.js';
import { CHILD_INDEX_LABEL, PARENT_EVALUATION_LABEL } from '../../resources/labels.js';
import { spentBefore } from '../../resources/shared/spent.js';
import { type PlannedChild, planBatch } from './batch-plan.js';
import { CANCELED } from './cancel-watch.js';
import {
  canceledStatus,
  doneStatus,
  errorStatus,
  isTerminal,
  pendingStatus,
  runningStatus,
} from './evaluation-status.js';
import { patienceMs } from './evaluation-step.checks.js';

const LOOK_AGAIN_MS = 2_000;
const DEFAULT_CONCURRENCY = 10;

/**
 * One step of a batch: makes the children that may be made, counts what they found, and ends with the last. Which
 * children there are is decided once and stands in the status, so that Queries that come later change nothing.
 */
export async function leadBatch(batch: Evaluation, context: ReconcileContext): Promise<Next> {
  try {
    const names = batch.status?.batchProgress?.childEvaluations?.map(({ name }) => name);
    if (!names && batch.spec.cancel) return await cancel(batch, [], context);
    if (!names) return await begin(batch, planBatch(batch, context), context);
    const children = names.map((name) => childOf(batch, name, context));
    const failure = stopsAt(batch, children);
    if (batch.spec.cancel) return await cancel(batch, children, context);
    if (!failure) await make(batch, names, children, context);
    await context.replaceStatus(batch, progressStatus(batch, names, children, failure, context.now()));
    return Next.onChange();
  } catch (error) {
    if (!(error instanceof ArkError) || error.family === 'Conflict') throw error;
    if (error.family !== 'Unavailable' || patienceMs(batch, context.now()) <= 0) {
      await context.replaceStatus(batch, errorStatus(batch, errorText(error), context.now()));
      return Next.onChange();
    }
    await context.replaceStatus(batch, pendingStatus(batch, errorText(error), context.now()));
    return Next.after(LOOK_AGAIN_MS);
  }
}

async function begin(batch: Evaluation, plan: PlannedChild[], context: ReconcileContext): Promise<Next> {
  const childEvaluations = plan.map(({ name }) => ({ name, phase: 'pending' as const }));
  const { claim: _nobody, ...status } = runningStatus(batch, '', 1, context.now());
  const batchProgress = { total: plan.length, completed: 0, failed: 0, running: 0, childEvaluations };
  await context.replaceStatus(batch, { ...status, batchProgress });
  return Next.onChange();
}

/** Children that go on are canceled too, and the batch ends with the last of them. */
async function cancel(
  batch: Evaluation,
  children: (Evaluation | undefined)[],
  context: ReconcileContext,
): Promise<Next> {
  const going = children.flatMap((child, index) => (child && !isTerminal(child) ? [{ child, index }] : []));
  for (const { child, index } of going) {
    const { metadata, spec } = child;
    if (!spec.cancel)
      await context.apply(childObject(batch, { name: metadata.name, spec: { ...spec, cancel: true } }, index));
  }
  const names = batch.status?.batchProgress?.childEvaluations?.map(({ name }) => name) ?? [];
  const status = names.length > 0 ? progressStatus(batch, names, children, undefined, context.now()) : batch.status;
  const current = { ...batch, status: { ...batch.status, batchProgress: status?.batchProgress } };
  const ended = going.length === 0;
  await context.replaceStatus(
    batch,
    ended ? canceledStatus(current, CANCELED, context.now()) : (current.status as EvaluationStatus),
  );
  return Next.onChange();
}

function childOf(batch: Evaluation, name: string, context: ReconcileContext): Evaluation | undefined {
  const child = context.get(Evaluation, { namespace: batch.metadata.namespace, name });
  const isOwn = child?.metadata.ownerReferences?.some(({ uid }) => uid === batch.metadata.uid);
  if (child && !isOwn) throw invalid(`evaluation "${name}" exists already and is no child of this batch: rename one`);
  return child;
}

/** A child that will have no verdict; one may be canceled alone, or with its Query. */
const FAILED: unknown[] = ['error', 'canceled'];

/** The child whose failure ends the batch, unless it goes on after failures. */
function stopsAt({ spec }: Evaluation, children: (Evaluation | undefined)[]): Evaluation | undefined {
  if (spec.config.continueOnFailure) return undefined;
  return children.find((child) => FAILED.includes(child?.status?.phase));
}

async function make(
  batch: Evaluation,
  names: string[],
  children: (Evaluation | undefined)[],
  context: ReconcileContext,
): Promise<void> {
  const active = children.filter((child) => child && !isTerminal(child)).length;
  const free = (batch.spec.config.concurrency ?? DEFAULT_CONCURRENCY) - active;
  const missing = names
    .flatMap((name, index) => (children[index] ? [] : [{ name, index }]))
    .slice(0, Math.max(0, free));
  if (missing.length === 0) return;
  const plan = new Map(planBatch(batch, context).map((child) => [child.name, child]));
  for (const { name, index } of missing) {
    const planned = plan.get(name);
    if (!planned) throw invalid(`what child "${name}" was to judge is gone`);
    await context.apply(childObject(batch, planned, index));
  }
}

function childObject(
  { apiVersion, kind, metadata }: Evaluation,
  { name, spec }: PlannedChild,
  index: number,
): Evaluation {
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true };
  // The value of a label has at most 63 characters; the owner says it in full.
  const labels = { [PARENT_EVALUATION_LABEL]: metadata.name.slice(0, 63), [CHILD_INDEX_LABEL]: String(index) };
  const { namespace } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels, ownerReferences: [owner] }, spec };
}

function progressStatus(
  batch: Evaluation,
  names: string[],
  children: (Evaluation | undefined)[],
  failure: Evaluation | undefined,
  now: Date,
): EvaluationStatus {
  const childEvaluations = names.map((name, i) => childResult(name, children[i]));
  const completed = childEvaluations.filter(({ phase }) => phase === 'done').length;
  const failed = childEvaluations.filter(({ phase }) => FAILED.includes(phase)).length;
  const running = children.filter((child) => child && !isTerminal(child)).length;
  const batchProgress: BatchProgress = { total: names.length, completed, failed, running, childEvaluations };
  const current = { ...batch, status: { ...batch.status, batchProgress } };
  if (failure && running === 0) {
    const left = names.length - completed - failed;
    const message = `child ${failure.metadata.name} failed: ${failure.status?.message ?? ''}; ${left} not judged`;
    return errorStatus(current, message, now);
  }
  if (completed + failed < names.length) return { ...current.status };
  const scores = childEvaluations.flatMap(({ phase, score }) => (phase === 'done' ? [Number(score ?? 0)] : []));
  const mean = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : 0;
  const passed = childEvaluations.every((child) => child.passed === true);
  const message = `${completed} of ${names.length} judged, ${childEvaluations.filter((child) => child.passed).length} passed`;
  const tokenUsage = children
    .map((child) => spentBefore(child?.status ?? {}))
    .reduce<TokenUsage | undefined>((sum, spent) => (spent ? addUsage(sum, spent) : sum), undefined);
  return doneStatus(current, { score: mean.toFixed(3), passed, message, metadata: {}, tokenUsage }, now);
}

function childResult(name: string, child: Evaluation | undefined): ChildEvaluation {
  const { phase = 'pending', score, passed, message } = child?.status ?? {};
  const result = isTerminal(child ?? ({} as Evaluation)) ? { passed: passed ?? false, message: message ?? '' } : {};
  return { name, phase, ...(score === undefined ? {} : { score }), ...result };
}
