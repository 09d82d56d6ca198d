import { type ListTasksRequest, type ListTasksResponse, type StreamResponse, Task, TaskState } from '@a2a-js/sdk';
import type { ServerCallContext, TaskStore } from '@a2a-js/sdk/server';
import { errorText, type Logger } from '../../kit/index.js';
import { type EngineTaskKey, type EngineTaskRow, EngineTasks, topicOf } from '../../storage/engine-tasks.js';
import { Lookout } from '../../storage/lookout.js';
import type { Storage } from '../../storage/storage.js';
import { agentMessage, taskStatus } from '../a2a-parts.js';
import { FollowedTask } from './followed-task.js';
import { hasEnded, pageOfTasks, type RecentTasks } from './recent-tasks.js';
import { growthOf } from './task-growth.js';

/** How often a follower looks while news of other processes do not arrive. */
const LOOK_MS = 2_000;
/** Kind of the topic that asks the process which works on a task to stop. */
const STOP = 'engine-task-stop';
/** Kind of the topic that asks the process which works on a task to tell what it says, too. */
const FOLLOW = 'engine-task-follow';

/** Whom tasks belong to: this process, and who else lives. */
export interface TaskOwners {
  readonly self: string;
  isAlive(owner: string): boolean;
}

/** A task that runs here. */
interface Running {
  /** As it was written last. */
  state: TaskState;
  context: ServerCallContext;
  /** Present when somebody follows it at another replica. */
  followed?: FollowedTask;
}

/**
 * Tasks of engines that every replica can show, over a database that all of them share. Each change of state is written;
 * what is said in between is written while somebody follows the task at another replica.
 */
export class ReplicatedTasks implements TaskStore {
  private readonly rows: EngineTasks;
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly recent: RecentTasks,
    private readonly storage: Storage,
    private readonly owners: TaskOwners,
    private readonly logger: Logger,
  ) {
    this.rows = new EngineTasks(storage);
    storage.news.onKind(FOLLOW, (rest) => this.tellOf(keyIn(rest)));
  }

  /** Calls back when another replica has canceled a task that may run here. */
  onStop(stop: (engine: string, id: string) => void): void {
    this.storage.news.onKind(STOP, (rest) => {
      const { engine, id } = keyIn(rest);
      stop(engine, id);
    });
  }

  async save(task: Task, context: ServerCallContext): Promise<void> {
    await this.recent.save(task, context);
    const key = keyOf(task.id, context);
    const topic = topicOf(key);
    const state = task.status?.state ?? TaskState.TASK_STATE_UNSPECIFIED;
    const known = this.running.get(topic);
    if (known?.state === state) {
      known.followed?.grows();
      return;
    }
    const isElsewhere = hasEnded(task) && !known;
    if (rests(task)) {
      known?.followed?.end();
      this.running.delete(topic);
    } else this.running.set(topic, { ...known, state, context });
    try {
      await this.write(key, task);
    } catch (error) {
      // A cancel has to reach the other replica; what runs here goes on, and this one still tells of it.
      if (isElsewhere) throw error;
      this.unheard(key, error);
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

  /**
   * A task that runs in another replica, until it rests: what it says since it was seen, and the whole task each time that
   * its state has changed.
   */
  async *follow(seen: Task, context: ServerCallContext, signal: AbortSignal): AsyncGenerator<Told, void, undefined> {
    const { engine, id } = keyOf(seen.id, context);
    const lookout = new Lookout(this.storage, topicOf({ engine, id }), signal, LOOK_MS);
    try {
      await this.storage.tell(`${FOLLOW}:${engine}/${id}`);
      let told = seen;
      while (!signal.aborted && !rests(told)) {
        const task = await this.load(seen.id, context);
        if (!task) return;
        const growth = growthOf(told, task);
        if (task.status?.state !== told.status?.state) yield { $case: 'task', value: task };
        else if (growth.length === 0) await lookout.next();
        else for (const value of growth) yield { $case: 'artifactUpdate', value };
        told = task;
      }
    } finally {
      lookout.stop();
    }
  }

  /** From now on what is said is written, too, until the task rests. */
  private tellOf(key: EngineTaskKey): void {
    const topic = topicOf(key);
    const running = this.running.get(topic);
    if (!running || running.followed) return;
    const { context } = running;
    running.followed = new FollowedTask(async () => {
      const task = await this.recent.load(key.id, context);
      // Its end is written already, and must stay the last word.
      if (!task || !this.running.has(topic)) return 0;
      return this.write(key, task).catch((error: unknown) => {
        this.unheard(key, error);
        return 0;
      });
    });
    running.followed.grows();
  }

  /** Returns how long it is, in characters. */
  private async write({ engine, id }: EngineTaskKey, task: Task): Promise<number> {
    const text = JSON.stringify(Task.toJSON(task));
    await this.rows.save({ engine, id, owner: this.owners.self, ended: hasEnded(task), task: text });
    return text.length;
  }

  private unheard({ engine, id }: EngineTaskKey, error: unknown): void {
    this.logger.warn({ engine, task: id }, `Other replicas do not hear of a task: ${errorText(error)}`);
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

type Told = Extract<StreamResponse['payload'], { $case: 'task' | 'artifactUpdate' }>;

/** Nobody works on it at the moment. */
const rests = (task: Task): boolean => hasEnded(task) || task.status?.state === TaskState.TASK_STATE_INPUT_REQUIRED;
const keyOf = (id: string, context: ServerCallContext) => ({ engine: context.tenant ?? '', id });
/** What follows the kind of a topic that is about a task. */
function keyIn(rest: string): EngineTaskKey {
  const slash = rest.indexOf('/');
  return { engine: rest.slice(0, slash), id: rest.slice(slash + 1) };
}
const timeOf = ({ status }: Task): number => Date.parse(status?.timestamp ?? '') || 0;
