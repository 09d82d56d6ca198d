import { follows, Next, type Reconcile, type ReconcileContext, Reconciler, withCondition } from '../../kit/index.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { isApproval } from '../../resources/a2a-task/approval.js';
import { isEnded, isHosted, waitsForAnswer } from '../../resources/a2a-task/task-phase.js';
import { Query } from '../../resources/query/query.resource.js';
import { durationOr } from '../../resources/values/duration.js';
import { type Decision, decisionOn, patienceLeft } from './approval-decision.checks.js';

const DEFAULT_TTL_MS = 720 * 3_600_000;
const ENDED = ['done', 'error', 'canceled'];

const queryOf = ({ spec, metadata }: A2ATask) => ({
  name: spec.queryRef.name,
  namespace: spec.queryRef.namespace || metadata.namespace,
});

/**
 * Leads a question about a tool call to its end: a person's decision in `spec.input`, the end of patience, or the end of
 * the Query. The Query goes on from there. What an engine elsewhere asked for ends with the Query. Tasks of every kind are
 * deleted when their time to live is over.
 */
@Reconciler({
  name: 'approval-decision',
  kind: A2ATask,
  follows: [follows<A2ATask>(Query, (task) => [queryOf(task)])],
  needs: [
    { kind: A2ATask, verbs: ['delete'] },
    { kind: A2ATask, verbs: ['update'], subresource: 'status' },
  ],
})
export class ApprovalDecisionReconciler implements Reconcile<A2ATask> {
  async reconcile(task: A2ATask, context: ReconcileContext): Promise<Next> {
    if (task.metadata.deletionTimestamp) return Next.onChange();
    const now = context.now();
    if (isEnded(task.status?.phase)) return expire(task, context);
    if (!waitsForAnswer(task) || isHosted(task)) return Next.onChange();
    const query = context.get(Query, queryOf(task));
    const decision = isApproval(task) ? (endedWithout(query) ?? decisionOn(task, now)) : endOfQuestion(query);
    if (decision) await write(task, decision, context);
    const patienceMs = isApproval(task) ? patienceLeft(task, now) : 0;
    return Number.isFinite(patienceMs) && patienceMs > 0 ? Next.after(patienceMs) : Next.onChange();
  }
}

async function write(task: A2ATask, decision: Decision, context: ReconcileContext): Promise<void> {
  const { phase, reason, message, error } = decision;
  const before = task.status?.conditions;
  const said = before?.some((condition) => condition.reason === reason && condition.message === message);
  const open = phase === 'input-required';
  const status = open ? ('False' as const) : ('True' as const);
  const observedGeneration = task.metadata.generation;
  const now = context.now();
  const conditions = withCondition(before, { type: 'Completed', status, reason, message, observedGeneration }, now);
  const end = open ? {} : { completionTime: now.toISOString() };
  await context.replaceStatus(task, { ...task.status, phase, ...end, ...(error ? { error } : {}), conditions });
  if (!said) context.event(task, { type: open ? 'Warning' : 'Normal', reason, message });
}

/** A question to which words were the answer is over with its Query. */
function endOfQuestion(query: Query | undefined): Decision | undefined {
  const phase = query?.status?.phase ?? '';
  if (!ENDED.includes(phase)) return undefined;
  if (phase === 'done')
    return { phase: 'completed', reason: 'TaskSucceeded', message: 'The query went on and is done' };
  return { phase: 'cancelled', reason: 'TaskCancelled', message: `The query ended (${phase})` };
}

/** Nobody waits for the answer any more. */
function endedWithout(query: Query | undefined): Decision | undefined {
  if (!ENDED.includes(query?.status?.phase ?? '')) return undefined;
  const message = `The query ended (${query?.status?.phase}) before anybody decided`;
  return { phase: 'cancelled', reason: 'TaskCancelled', message };
}

/** The time to live runs from the end: a task that goes on is never taken away. */
async function expire(task: A2ATask, context: ReconcileContext): Promise<Next> {
  const { metadata, spec, status } = task;
  const ended = Date.parse(status?.completionTime ?? metadata.creationTimestamp ?? '');
  const leftMs = ended + durationOr(spec.ttl, DEFAULT_TTL_MS) - context.now().getTime();
  if (leftMs > 0) return Next.after(leftMs);
  // A time that cannot be read is no reason to delete.
  if (leftMs <= 0) await context.delete(task);
  return Next.onChange();
}
