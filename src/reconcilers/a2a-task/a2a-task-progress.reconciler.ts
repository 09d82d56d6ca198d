import {
  ArkError,
  errorText,
  follows,
  Next,
  type ObjectKey,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
} from '../../kit/index.js';
import { A2ATask, type TaskPhase } from '../../resources/a2a-task/a2a-task.resource.js';
import { isEnded, isHosted, withPhase } from '../../resources/a2a-task/task-phase.js';
import { PUSH_HEARD_AT } from '../../resources/labels.js';
import { Query } from '../../resources/query/query.resource.js';
import { durationOr, formatDuration } from '../../resources/values/duration.js';
import { Duties, othersDuty } from '../duties.js';
import { HostedTasks } from './hosted-tasks.js';

const DEFAULT_POLL_MS = 5_000;
const SHORTEST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 300_000;
/** A server that answers so has too many callers, and is asked less often. */
const TOO_MANY = [402, 429, 503];
const SHORTEST_REST_MS = 30_000;
const DEFAULT_TIMEOUT_MS = 12 * 3_600_000;

/** Phases of a Query in which nobody follows its tasks. */
const LEFT_ALONE = ['input-required', 'done', 'error', 'canceled'];

const queryOf = ({ spec, metadata }: A2ATask): ObjectKey => ({
  name: spec.queryRef.name,
  namespace: spec.queryRef.namespace || metadata.namespace,
});

interface Looks {
  dueAt: number;
  failures: number;
  /** When the server had sent word the last time. */
  heardAt?: string;
}

/**
 * Looks after tasks on A2A servers that no running Query follows: those that wait for an answer, which somebody may give
 * elsewhere, and those that people made by hand. Ends them when their Query was canceled or their time is over.
 */
@Reconciler({
  name: 'a2a-task-progress',
  kind: A2ATask,
  follows: [follows<A2ATask>(Query, (task) => [queryOf(task)])],
  needs: [{ kind: A2ATask, verbs: ['update'], subresource: 'status' }],
  // Each waits for somebody else's host.
  concurrency: 64,
})
export class A2aTaskProgressReconciler implements Reconcile<A2ATask> {
  private readonly looks = new Map<string, Looks>();

  constructor(
    private readonly servers: HostedTasks,
    private readonly duties: Duties,
  ) {}

  async reconcile(task: A2ATask, context: ReconcileContext): Promise<Next> {
    const { uid = '', deletionTimestamp } = task.metadata;
    if (deletionTimestamp || !isHosted(task) || isEnded(task.status?.phase)) {
      this.looks.delete(uid);
      return Next.onChange();
    }
    const others = othersDuty(this.duties, task);
    if (others) {
      this.looks.delete(uid);
      return others;
    }
    const query = context.get(Query, queryOf(task));
    if (query && !LEFT_ALONE.includes(query.status?.phase ?? '')) return Next.onChange();
    if (query?.status?.phase === 'canceled') {
      await this.stop(task, context, { phase: 'cancelled', message: 'The query was canceled' });
      return Next.onChange();
    }
    const leftMs = patienceLeft(task, context.now());
    if (leftMs <= 0) {
      const message = `No end within ${formatDuration(durationOr(task.spec.timeout, DEFAULT_TIMEOUT_MS))} (spec.timeout)`;
      await this.stop(task, context, { phase: 'failed', message, reason: 'TaskTimeout' });
      return Next.onChange();
    }
    return Next.after(Math.min(leftMs, await this.look(task, context)));
  }

  forget(_key: ObjectKey, uid: string): void {
    this.looks.delete(uid);
  }

  /** Returns when to look again, in milliseconds. */
  private async look(task: A2ATask, context: ReconcileContext): Promise<number> {
    const { uid = '', annotations } = task.metadata;
    const heardAt = annotations?.[PUSH_HEARD_AT];
    const before = this.looks.get(uid) ?? { dueAt: 0, failures: 0 };
    const now = context.now().getTime();
    if (before.dueAt > now && before.heardAt === heardAt) return before.dueAt - now;
    const pollMs = Math.max(SHORTEST_POLL_MS, durationOr(task.spec.pollInterval, DEFAULT_POLL_MS));
    let failures = 0;
    let restMs = 0;
    try {
      await context.replaceStatus(task, await this.servers.look(task, context.signal));
    } catch (error) {
      if (!(error instanceof ArkError) || error.family === 'Conflict') throw error;
      if (context.signal.aborted) return pollMs;
      failures = before.failures + 1;
      restMs = TOO_MANY.includes(Number(error.details?.status)) ? SHORTEST_REST_MS : 0;
      if (failures === 1) {
        context.event(task, { type: 'Warning', reason: 'TaskPollingFailed', message: errorText(error) });
      }
    }
    const pauseMs = Math.max(restMs, Math.min(pollMs * 2 ** Math.min(failures, 16), LONGEST_POLL_MS));
    const waitMs = pauseMs * (0.9 + Math.random() * 0.2);
    this.looks.set(uid, { dueAt: now + waitMs, failures, heardAt });
    return waitMs;
  }

  /** Ends the task here whatever its server says: nobody waits for it any more. */
  private async stop(task: A2ATask, context: ReconcileContext, end: End): Promise<void> {
    try {
      await this.servers.cancel(task, context.signal);
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      context.logger.debug({ task: task.metadata.name, err: error }, 'An A2A server did not cancel a task');
    }
    const before = task.status ?? {};
    await context.replaceStatus(task, withPhase(end.phase, end.message, before, context.now(), before, end.reason));
  }
}

interface End {
  phase: TaskPhase;
  message: string;
  reason?: string;
}

function patienceLeft({ metadata, spec, status }: A2ATask, now: Date): number {
  const since = Date.parse(status?.startTime ?? metadata.creationTimestamp ?? '');
  return Number.isNaN(since) ? 1 : since + durationOr(spec.timeout, DEFAULT_TIMEOUT_MS) - now.getTime();
}
