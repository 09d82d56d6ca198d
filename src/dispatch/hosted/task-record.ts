import type { Message, Task } from '@a2a-js/sdk';
import { errorText, type Logger, resourceType } from '../../kit/index.js';
import type { ApiServer } from '../../kube/api-server/api-server.js';
import { StatusError } from '../../kube/api-server/status.js';
import { A2ATask, type A2ATaskStatus } from '../../resources/a2a-task/a2a-task.resource.js';
import { ownTaskName, queryNameLabel, taskName } from '../../resources/a2a-task/task-name.js';
import { isEnded, observed, withPhase } from '../../resources/a2a-task/task-phase.js';
import type { Query } from '../../resources/query/query.resource.js';
import { taskMessage } from './task-parts.js';
import { statusOfMessage, statusOfTask } from './task-status.js';

const TYPE = resourceType(A2ATask);
const FIELD_MANAGER = 'nest-ark-a2a';
/** Progress is written at most so often; a change of phase at once. */
const PROGRESS_MS = 2_000;
const MOST_TRIES = 5;

/** Whose exchange is recorded. */
export interface RecordOf {
  query: Query;
  agent: string;
  a2aServer: string;
  /** What was said to the server. */
  asked: Message;
  /** Whether it is the only exchange of the Query with this agent. */
  alone: boolean;
  /** Whether a plain message for an answer is recorded, too. Default: it is. */
  messages?: boolean;
}

/**
 * The A2ATask of one exchange. Writing it goes on beside the exchange and never fails it: what is lost is said in the
 * log.
 */
export class TaskRecord {
  private stored?: A2ATask;
  private writing: Promise<void> = Promise.resolve();
  private wanted?: Task;
  private writtenAt = 0;
  private isEndedByOthers = false;

  constructor(
    private readonly server: ApiServer,
    private readonly logger: Logger,
    private readonly of: RecordOf,
    known?: A2ATask,
  ) {
    this.stored = known;
  }

  /** The task is known anew. */
  heard(task: Task): void {
    const isFirst = this.wanted === undefined;
    const isNewState = this.wanted?.status?.state !== task.status?.state;
    this.wanted = task;
    if (isFirst || isNewState || Date.now() - this.writtenAt >= PROGRESS_MS) this.queue(() => this.writeTask());
  }

  /** The object, once what was heard so far is written; undefined when there is none yet. */
  async written(): Promise<A2ATask | undefined> {
    await this.writing;
    return this.stored;
  }

  /** The exchange is over with this answer; resolves when that is written. */
  async ended(answer: Message | Task): Promise<void> {
    if ('messageId' in answer) this.queue(() => this.writeMessage(answer));
    else {
      this.wanted = answer;
      this.queue(() => this.writeTask());
    }
    await this.writing;
  }

  /** The exchange failed before there was an answer. */
  async failed(text: string): Promise<void> {
    const history = [taskMessage(this.of.asked)];
    this.queue(async () => {
      this.stored ??= await this.create(this.ownId, this.of.asked.contextId);
      if (isEnded(this.stored.status?.phase)) return;
      await this.writeStatus(this.stored, (before) =>
        withPhase('failed', text, before, new Date(), { history, ...before }),
      );
    });
    await this.writing;
  }

  /** Nobody waits for the task any more, and no answer will come. */
  async cancelled(text: string): Promise<void> {
    this.queue(async () => {
      if (!this.stored || isEnded(this.stored.status?.phase)) return;
      await this.writeStatus(this.stored, (before) => withPhase('cancelled', text, before, new Date()));
    });
    await this.writing;
  }

  /** An exchange without a task is named after its Query. */
  private get ownId(): string {
    const { query, asked, alone } = this.of;
    return alone ? (query.metadata.uid ?? '') : asked.messageId;
  }

  private queue(write: () => Promise<void>): void {
    this.writtenAt = Date.now();
    this.writing = this.writing.then(write).catch((error: unknown) => {
      const { namespace, name } = this.of.query.metadata;
      this.logger.warn(
        { query: `${namespace}/${name}`, err: error },
        `An A2ATask is not up to date: ${errorText(error)}`,
      );
    });
  }

  private async writeTask(): Promise<void> {
    const task = this.wanted;
    if (!task) return;
    this.stored ??= await this.create(task.id, task.contextId);
    await this.writeStatus(this.stored, (before) => statusOfTask(task, this.of.asked, before, new Date()));
  }

  private async writeMessage(answer: Message): Promise<void> {
    if (!this.stored && this.of.messages === false) return;
    this.stored ??= await this.create(answer.taskId || this.ownId, answer.contextId);
    await this.writeStatus(this.stored, (before) => statusOfMessage(answer, this.of.asked, before, new Date()));
  }

  /** Never over what others have written meanwhile: that is taken in first, and an end of theirs stays. */
  private async writeStatus(task: A2ATask, next: (before: A2ATaskStatus) => A2ATaskStatus): Promise<void> {
    if (this.isEndedByOthers) return;
    let known = task;
    for (let tries = 1; ; tries++) {
      try {
        const options = { subresource: 'status', fieldManager: FIELD_MANAGER } as const;
        const status = observed(known, next(known.status ?? {}));
        this.stored = await this.server.update(TYPE, { ...known, status }, options);
        return;
      } catch (error) {
        if (!StatusError.is(error, 'Conflict') || tries === MOST_TRIES) throw error;
      }
      known = await this.server.get<A2ATask>(TYPE, task.metadata);
      if (isEnded(known.status?.phase) && !isEnded(task.status?.phase)) {
        this.isEndedByOthers = true;
        return;
      }
    }
  }

  /** A task id is the server's; two servers, or two Queries, may have the same. */
  private async create(taskId: string, contextId: string): Promise<A2ATask> {
    const object = this.object(taskId, contextId);
    const { uid = '' } = this.of.query.metadata;
    const own = ownTaskName(taskId, uid);
    for (const candidate of [taskName(taskId), own]) {
      try {
        return await this.server.create<A2ATask>(TYPE, {
          ...object,
          metadata: { ...object.metadata, name: candidate },
        });
      } catch (error) {
        if (!StatusError.is(error, 'AlreadyExists')) throw error;
        const there = await this.server.get<A2ATask>(TYPE, { namespace: object.metadata.namespace, name: candidate });
        if (there.metadata.ownerReferences?.some((owner) => owner.uid === uid)) return there;
      }
    }
    throw new Error(`A2ATask '${own}' belongs to somebody else`);
  }

  private object(taskId: string, contextId: string): A2ATask {
    const { query, agent, a2aServer } = this.of;
    const { name, namespace, uid = '' } = query.metadata;
    return {
      apiVersion: query.apiVersion,
      kind: 'A2ATask',
      metadata: {
        name: '',
        namespace,
        labels: queryNameLabel(name),
        ownerReferences: [{ apiVersion: query.apiVersion, kind: query.kind, name, uid }],
      },
      spec: {
        taskId,
        ...(contextId ? { contextId } : {}),
        queryRef: { name, namespace },
        agentRef: { name: agent, namespace },
        a2aServerRef: { name: a2aServer, namespace },
      },
    };
  }
}
