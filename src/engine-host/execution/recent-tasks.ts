import type { Artifact, ListTasksRequest, ListTasksResponse, Part, Task } from '@a2a-js/sdk';
import { TaskState } from '@a2a-js/sdk';
import type { ServerCallContext, TaskStore } from '@a2a-js/sdk/server';

const MOST_TASKS = 2_000;
const ENDED = [
  TaskState.TASK_STATE_COMPLETED,
  TaskState.TASK_STATE_FAILED,
  TaskState.TASK_STATE_CANCELED,
  TaskState.TASK_STATE_REJECTED,
];

/**
 * The tasks this process served lately, per engine, oldest out first. They do not outlive the process: what must last
 * is in the Query.
 */
export class RecentTasks implements TaskStore {
  private readonly tasks = new Map<string, Task>();

  constructor(private readonly most = MOST_TASKS) {}

  async save(task: Task, context: ServerCallContext): Promise<void> {
    const key = keyOf(task.id, context);
    this.tasks.delete(key);
    this.tasks.set(key, structuredClone({ ...task, artifacts: task.artifacts.map(joinTexts) }));
    if (this.tasks.size > this.most) this.dropOldest();
  }

  async load(id: string, context: ServerCallContext): Promise<Task | undefined> {
    const task = this.tasks.get(keyOf(id, context));
    return task && structuredClone(task);
  }

  /** Newest first. The page token is the id of the last task of the page before. */
  async list(params: ListTasksRequest, context: ServerCallContext): Promise<ListTasksResponse> {
    const prefix = keyOf('', context);
    const since = params.statusTimestampAfter ? Date.parse(params.statusTimestampAfter) : 0;
    const found = [...this.tasks]
      .filter(([key]) => key.startsWith(prefix))
      .map(([, task]) => task)
      .filter((task) => !params.contextId || task.contextId === params.contextId)
      .filter((task) => !params.status || task.status?.state === params.status)
      .filter((task) => Date.parse(task.status?.timestamp ?? '') > since)
      .reverse();
    const pageSize = params.pageSize || 50;
    const start = params.pageToken ? found.findIndex((task) => task.id === params.pageToken) + 1 : 0;
    const page = found.slice(start, start + pageSize);
    const tasks = page.map((task) => structuredClone(params.includeArtifacts ? task : { ...task, artifacts: [] }));
    const nextPageToken = start + pageSize < found.length ? (page.at(-1)?.id ?? '') : '';
    return { tasks, nextPageToken, pageSize, totalSize: found.length };
  }

  private dropOldest(): void {
    const ended = [...this.tasks].find(([, task]) => ENDED.includes(task.status?.state ?? 0));
    const oldest = ended?.[0] ?? this.tasks.keys().next().value;
    if (oldest !== undefined) this.tasks.delete(oldest);
  }
}

const keyOf = (id: string, context: ServerCallContext) => `${context.tenant ?? ''}/${id}`;

/** Texts that arrived in pieces become one part: a task is copied at every event. */
function joinTexts(artifact: Artifact): Artifact {
  const parts: Part[] = [];
  for (const part of artifact.parts) {
    const last = parts.at(-1);
    if (last?.content?.$case === 'text' && part.content?.$case === 'text') {
      parts[parts.length - 1] = { ...last, content: { $case: 'text', value: last.content.value + part.content.value } };
    } else parts.push(part);
  }
  return { ...artifact, parts };
}
