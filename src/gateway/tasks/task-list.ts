import { type ListTasksRequest, type ListTasksResponse, type Task, TaskState } from '@a2a-js/sdk';
import { RequestMalformedError } from '@a2a-js/sdk/errors';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 100;

/** One page of tasks, filtered as the request wants. The token of a page is the id of the task before it. */
export function pageOf(tasks: Task[], request: ListTasksRequest): ListTasksResponse {
  const fitting = tasks.filter((task) => fits(task, request));
  const start = startOf(fitting, request.pageToken);
  const size = Math.min(request.pageSize || DEFAULT_PAGE, LARGEST_PAGE);
  const page = fitting.slice(start, start + size);
  const more = start + size < fitting.length;
  return {
    tasks: page.map((task) => shown(task, request)),
    nextPageToken: more ? (page.at(-1)?.id ?? '') : '',
    pageSize: size,
    totalSize: fitting.length,
  };
}

function fits(task: Task, { contextId, status, statusTimestampAfter }: ListTasksRequest): boolean {
  if (contextId && task.contextId !== contextId) return false;
  if (status !== TaskState.TASK_STATE_UNSPECIFIED && task.status?.state !== status) return false;
  return !statusTimestampAfter || (task.status?.timestamp ?? '') >= statusTimestampAfter;
}

function startOf(tasks: Task[], token: string): number {
  if (!token) return 0;
  const before = tasks.findIndex(({ id }) => id === token);
  if (before < 0)
    throw new RequestMalformedError(`pageToken '${token}' is unknown or has expired: list from the start`);
  return before + 1;
}

const shown = (task: Task, { historyLength, includeArtifacts }: ListTasksRequest): Task => ({
  ...trimmed(task, historyLength),
  artifacts: includeArtifacts === true ? task.artifacts : [],
});

/** The task with the last messages of its history. */
export const trimmed = (task: Task, historyLength: number | undefined): Task =>
  historyLength === undefined
    ? task
    : { ...task, history: historyLength > 0 ? task.history.slice(-historyLength) : [] };
