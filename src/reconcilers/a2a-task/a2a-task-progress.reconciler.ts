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
import { isEnded, isHosted, observed, withPhase } from '../../resources/a2a-task/task-phase.js';
import { Query } from '../../resources/query/query.resource.js';
import { durationOr, formatDuration } from '../../resources/values/duration.js';
import { Duties, othersDuty } from '../duties.js';
import { HostedTasks } from './hosted-tasks.js';
import { type Said, TaskLooks } from './task-looks.js';

const DEFAULT_TIMEOUT_MS = 12 * 3_600_000;

/** Phases of a Query in which nobody follows its tasks. */
const LEFT_ALONE = ['input-required', 'done', 'error', 'canceled'];

const queryOf = ({ spec, metadata }: A2ATask): ObjectKey => ({
  name: spec.queryRef.name,
  namespace: spec.queryRef.namespace || metadata.namespace,
});

/**
 * Looks after tasks on A2A servers that no running Query follows: those that wait for an answer, which somebody may give
 * elsewhere, and those that people made by hand. Ends them when their Query was canceled or their time is over.
 */
@Reconciler({
  name: 'a2a-task-progress',
  kind: A2ATask,
  follows: [follows<A2ATask>(Query, (task) => [queryOf(task)])],
  needs: [{ kind: A2ATask, verbs: ['update'], subresource: 'status' }],
})
export class A2aTaskProgressReconciler implements Reconcile<A2ATask> {
  private readonly looks: TaskLooks;

  constructor(
    servers: HostedTasks,
    private readonly duties: Duties,
  ) {
    this.looks = new TaskLooks(servers);
  }

  async reconcile(task: A2ATask, context: ReconcileContext): Promise<Next> {
    const { uid = '', deletionTimestamp } = task.metadata;
    if (deletionTimestamp || !isHosted(task) || isEnded(task.status?.phase)) {
      this.looks.forget(uid);
      return Next.onChange();
    }
    const others = othersDuty(this.duties, task);
    if (others) {
      this.looks.forget(uid);
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
    const said = this.looks.take(task);
    if (said) await this.hear(said, context);
    return Next.after(Math.min(leftMs, this.looks.ask(task, context) ?? leftMs));
  }

  forget(_key: ObjectKey, uid: string): void {
    this.looks.forget(uid);
  }

  private async hear(said: Said, context: ReconcileContext): Promise<void> {
    const { task } = said;
    if ('status' in said) {
      // Asked anew at once: what the server said was compared with what no longer stands.
      await context.replaceStatus(task, observed(task, said.status)).catch((error: unknown) => {
        this.looks.forget(task.metadata.uid ?? '');
        throw error;
      });
    } else if (!(said.error instanceof ArkError)) throw said.error;
    else if (said.failures === 1) {
      context.event(task, { type: 'Warning', reason: 'TaskPollingFailed', message: errorText(said.error) });
    }
  }

  /** Ends the task here whatever its server says: nobody waits for it any more. */
  private async stop(task: A2ATask, context: ReconcileContext, end: End): Promise<void> {
    const before = task.status ?? {};
    const status = withPhase(end.phase, end.message, before, context.now(), before, end.reason);
    await context.replaceStatus(task, observed(task, status));
    this.looks.cancel(task, context);
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
