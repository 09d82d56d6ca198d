import { ArkError, keyText, type ReconcileContext } from '../../kit/index.js';
import type { A2ATask, A2ATaskStatus } from '../../resources/a2a-task/a2a-task.resource.js';
import { pauseAfterFailure } from '../../resources/a2a-task/look-again.js';
import { PUSH_HEARD_AT } from '../../resources/labels.js';
import { durationOr } from '../../resources/values/duration.js';
import { HostTurns } from '../host-turns.js';
import type { HostedTasks } from './hosted-tasks.js';

const DEFAULT_POLL_MS = 5_000;
const SHORTEST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 300_000;

/** What a server said of a task as it was when it was asked, or why it said nothing. */
export type Said = { task: A2ATask } & ({ status: A2ATaskStatus } | { error: unknown; failures: number });

interface Look {
  dueAt: number;
  failures: number;
  /** When the server had sent word the last time. */
  heardAt?: string;
  said?: Said;
  /** Present while the server is asked. */
  stop?: AbortController;
}

/** Looks at tasks on A2A servers in the background: a server that hangs holds no worker, and keeps nobody else waiting. */
export class TaskLooks {
  private readonly looks = new Map<string, Look>();
  private readonly turns = new HostTurns();

  constructor(private readonly servers: HostedTasks) {}

  /** What the server has said since it was last taken. */
  take({ metadata: { uid = '' } }: A2ATask): Said | undefined {
    const look = this.looks.get(uid);
    const said = look?.said;
    delete look?.said;
    return said;
  }

  /** Asks the server when that is due. Returns the milliseconds until then; undefined while it is asked. */
  ask(task: A2ATask, context: ReconcileContext): number | undefined {
    const { uid = '', annotations } = task.metadata;
    const heardAt = annotations?.[PUSH_HEARD_AT];
    const before = this.looks.get(uid);
    if (before?.stop) return undefined;
    const waitMs = (before?.dueAt ?? 0) - context.now().getTime();
    if (waitMs > 0 && before?.heardAt === heardAt) return waitMs;
    const look: Look = { dueAt: 0, failures: before?.failures ?? 0, heardAt, stop: new AbortController() };
    this.looks.set(uid, look);
    void this.finish(task, look, context);
    return undefined;
  }

  /** Asks the server to stop, without anybody waiting for what it says to that. */
  cancel(task: A2ATask, context: ReconcileContext): void {
    const { logger, signal } = context;
    void this.turns
      .at(hostOf(task), signal, () => this.servers.cancel(task, signal))
      .catch((error: unknown) => {
        if (signal.aborted) return;
        const level = error instanceof ArkError ? 'debug' : 'error';
        logger[level]({ task: task.metadata.name, err: error }, 'An A2A server did not cancel a task');
      });
  }

  forget(uid: string): void {
    this.looks.get(uid)?.stop?.abort();
    this.looks.delete(uid);
  }

  private async finish(task: A2ATask, look: Look, context: ReconcileContext): Promise<void> {
    const signal = AbortSignal.any([context.signal, ...(look.stop ? [look.stop.signal] : [])]);
    const pollMs = Math.max(SHORTEST_POLL_MS, durationOr(task.spec.pollInterval, DEFAULT_POLL_MS));
    let pauseMs = Math.min(pollMs, LONGEST_POLL_MS) * (0.9 + Math.random() * 0.2);
    try {
      const status = await this.turns.at(hostOf(task), signal, () => this.servers.look(task, signal));
      look.said = { task, status };
      look.failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      look.failures += 1;
      look.said = { task, error, failures: look.failures };
      pauseMs = pauseAfterFailure(error, look.failures, pollMs);
    }
    delete look.stop;
    look.dueAt = context.now().getTime() + pauseMs;
    context.wake(task.metadata);
  }
}

const hostOf = ({ spec, metadata }: A2ATask) =>
  keyText({ namespace: spec.a2aServerRef?.namespace || metadata.namespace, name: spec.a2aServerRef?.name ?? '' });
