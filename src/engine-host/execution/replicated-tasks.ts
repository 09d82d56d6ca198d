import { type ListTasksRequest, type ListTasksResponse, Task, TaskState } from '@a2a-js/sdk';
import type { ServerCallContext, TaskStore } from '@a2a-js/sdk/server';
import { errorText, type Logger } from '../../kit/index.js';
import { type EngineTaskRow, EngineTasks, topicOf } from '../../storage/engine-tasks.js';
import { Lookout } from '../../storage/lookout.js';
import type { Storage } from '../../storage/storage.js';
import { agentMessage, taskStatus } from '../a2a-parts.js';
import { hasEnded, pageOfTasks, type RecentTasks } from './recent-tasks.js';

/** How often a follower looks while news of other processes do not arrive. */
const LOOK_MS = 2_000;
/** Kind of the topic that asks the process which works on a task to stop. */
const STOP = 'engine-task-stop';

/** Whom tasks belong to: this process, and who else lives. */
export interface TaskOwners {
  readonly self: string;
  isAlive(owner: string): boolean;
}

/**
 * Tasks of engines that every replica can show, over a database that all of them share. Each change of state is written;
 * what is said in between is known to the replica that works on the task, and comes with the next change.
 */
export class ReplicatedTasks implements TaskStore {
  private readonly rows: EngineTasks;
  /** States as they were written last, of tasks that run here. */
  private readonly running = new Map<string, TaskState>();

  constructor(
    private readonly recent: RecentTasks,
    private readonly storage: Storage,
    private readonly owners: TaskOwners,
    private readonly logger: Logger,
  ) {
    this.rows = new EngineTasks(storage);
  }

  /** Calls back when another replica has canceled a task that may run here. */
  onStop(stop: (engine: string, id: string) => void): void {
    this.storage.news.onKind(STOP, (rest) => {
      const slash = rest.indexOf('/');
      stop(rest.slice(0, slash), rest.slice(slash + 1));
    });
  }

  async save(task: Task, context: ServerCallContext): Promise<void> {
    await this.recent.save(task, context);
    const key = keyOf(task.id, context);
    const topic = topicOf(key);
    const state = task.status?.state ?? TaskState.TASK_STATE_UNSPECIFIED;
    if (this.running.get(topic) === state) return;
    const ended = hasEnded(task);
    const isElsewhere = ended && !this.running.has(topic);
    if (rests(task)) this.running.delete(topic);
    else this.running.set(topic, state);
    try {
      await this.rows.save({ ...key, owner: this.owners.self, ended, task: JSON.stringify(Task.toJSON(task)) });
    } catch (error) {
      // A cancel has to reach the other replica; what runs here goes on, and this one still tells of it.
      if (isElsewhere) throw error;
      this.logger.warn(
        { engine: key.engine, task: key.id },
        `Other replicas do not hear of a task: ${errorText(error)}`,
      );
    }
    if (isElsewhere) await this.storage.tell(`${STOP}:${key.engine}/${key.id}`);
  }

  async load(id: string, context: ServerCallContext): Promise<Task | undefined> {
    const here = await this.recent.load(id, context);
    if (here) return here;
    const row = await this.rows.load(keyOf(id, context));
    return row && this.taskOf(row);
  }

  async list(params: ListTasksRequest, context: ServerCallContext): Promise<ListTasksResponse> {
    const here = new Map(this.recent.all(context).map((task) => [task.id, task]));
    const rows = await this.rows.list(context.tenant ?? '');
    const elsewhere = rows.filter(({ id }) => !here.has(id)).map((row) => this.taskOf(row));
    const newestFirst = [...here.values(), ...elsewhere].sort((one, other) => timeOf(other) - timeOf(one));
    return pageOfTasks(newestFirst, params);
  }

  /** A task that runs in another replica, each time its state has changed since it was seen, until it rests. */
  async *follow(seen: Task, context: ServerCallContext, signal: AbortSignal): AsyncGenerator<Task, void, undefined> {
    const lookout = new Lookout(this.storage, topicOf(keyOf(seen.id, context)), signal, LOOK_MS);
    try {
      let told = seen;
      while (!signal.aborted && !rests(told)) {
        const task = await this.load(seen.id, context);
        if (!task) return;
        if (task.status?.state === told.status?.state) await lookout.next();
        else yield task;
        told = task;
      }
    } finally {
      lookout.stop();
    }
  }

  /** As it was written; who worked on it may be gone since. */
  private taskOf({ task: text, ended, owner }: EngineTaskRow): Task {
    const task = Task.fromJSON(JSON.parse(text));
    if (ended || rests(task) || this.owners.isAlive(owner)) return task;
    const message = agentMessage({
      text: 'The replica that worked on it has ended: send the message again.',
      contextId: task.contextId,
      taskId: task.id,
    });
    return {
      ...task,
      status: { ...taskStatus(TaskState.TASK_STATE_FAILED, message), timestamp: task.status?.timestamp },
    };
  }
}

/** Nobody works on it at the moment. */
const rests = (task: Task): boolean => hasEnded(task) || task.status?.state === TaskState.TASK_STATE_INPUT_REQUIRED;
const keyOf = (id: string, context: ServerCallContext) => ({ engine: context.tenant ?? '', id });
const timeOf = ({ status }: Task): number => Date.parse(status?.timestamp ?? '') || 0;
