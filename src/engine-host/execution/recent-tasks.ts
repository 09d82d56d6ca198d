import type { ListTasksRequest, ListTasksResponse, Task } from '@a2a-js/sdk';
import { TaskState } from '@a2a-js/sdk';
import type { ServerCallContext, TaskStore } from '@a2a-js/sdk/server';
import { copyTask, type MessageSizes, sizeOfTask } from './task-copy.js';

export interface TaskLimits {
  /** Tasks kept. Default: 2 000. */
  tasks?: number;
  /** Bytes kept in all. Default: 64 MiB. */
  bytes?: number;
}

interface Kept {
  task: Task;
  size: number;
}

const ENDED = [
  TaskState.TASK_STATE_COMPLETED,
  TaskState.TASK_STATE_FAILED,
  TaskState.TASK_STATE_CANCELED,
  TaskState.TASK_STATE_REJECTED,
];

/**
 * The tasks this process served lately, per engine. Where they become too many or too big, the oldest that has ended
 * goes first, and one that was just saved stays. They do not outlive the process: what must last is in the Query.
 */
export class RecentTasks implements TaskStore {
  private readonly tasks = new Map<string, Kept>();
  private readonly limits: Required<TaskLimits>;
  private readonly messageSizes: MessageSizes = new WeakMap();
  private bytes = 0;

  constructor(limits: TaskLimits = {}) {
    this.limits = { tasks: 2_000, bytes: 64 << 20, ...limits };
  }

  async save(task: Task, context: ServerCallContext): Promise<void> {
    const key = keyOf(task.id, context);
    this.drop(key);
    const copy = copyTask(task);
    const size = sizeOfTask(copy, this.messageSizes);
    this.tasks.set(key, { task: copy, size });
    this.bytes += size;
    this.makeRoom(key);
  }

  async load(id: string, context: ServerCallContext): Promise<Task | undefined> {
    const kept = this.tasks.get(keyOf(id, context));
    return kept && copyTask(kept.task);
  }

  async list(params: ListTasksRequest, context: ServerCallContext): Promise<ListTasksResponse> {
    return pageOfTasks(this.all(context), params);
  }

  /** Newest first, not to be changed. */
  all(context: ServerCallContext): Task[] {
    const prefix = keyOf('', context);
    const own = [...this.tasks].filter(([key]) => key.startsWith(prefix));
    return own.map(([, { task }]) => task).reverse();
  }

  private makeRoom(newest: string): void {
    for (const isEnded of [true, false]) {
      for (const [key, { task }] of this.tasks) {
        if (this.tasks.size <= this.limits.tasks && this.bytes <= this.limits.bytes) return;
        if (key !== newest && (!isEnded || hasEnded(task))) this.drop(key);
      }
    }
  }

  private drop(key: string): void {
    this.bytes -= this.tasks.get(key)?.size ?? 0;
    this.tasks.delete(key);
  }
}

const keyOf = (id: string, context: ServerCallContext) => `${context.tenant ?? ''}/${id}`;

export const hasEnded = ({ status }: Task): boolean => status !== undefined && ENDED.includes(status.state);

/**
 * What a client asked for of the tasks of one engine, the newest of which is the first. The page token is the id of the
 * last task of the page before.
 */
export function pageOfTasks(newestFirst: readonly Task[], params: ListTasksRequest): ListTasksResponse {
  const since = params.statusTimestampAfter ? Date.parse(params.statusTimestampAfter) : 0;
  const found = newestFirst
    .filter((task) => !params.contextId || task.contextId === params.contextId)
    .filter((task) => !params.status || task.status?.state === params.status)
    .filter((task) => Date.parse(task.status?.timestamp ?? '') > since);
  const pageSize = params.pageSize || 50;
  const start = params.pageToken ? found.findIndex((task) => task.id === params.pageToken) + 1 : 0;
  const page = found.slice(start, start + pageSize);
  const tasks = page.map((task) => copyTask(params.includeArtifacts ? task : { ...task, artifacts: [] }));
  const nextPageToken = start + pageSize < found.length ? (page.at(-1)?.id ?? '') : '';
  return { tasks, nextPageToken, pageSize, totalSize: found.length };
}
