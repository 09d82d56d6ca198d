import { type ListTasksRequest, type ListTasksResponse, type Task, TaskState } from '@a2a-js/sdk';
import { RequestMalformedError } from '@a2a-js/sdk/errors';
import type { Query } from '../../resources/query/query.resource.js';
import { contextOf, phaseOf, saidIn, statusOf, taskOf } from './query-task.js';
import { refuseHistory, trimmed } from './task-history.js';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 100;
/** In UTF-16 units: answers come whole, and a page ends early when those on it are as long as this together. */
const LONGEST_ANSWERS = 8 << 20;

interface Row {
  id: string;
  /** When its status changed, RFC 3339 in UTC with milliseconds. */
  at: string;
  query: Query;
}

/**
 * One page of tasks, filtered as the request wants, those whose status changed last first. Artifacts and history come
 * only where they are asked for, and then whole.
 *
 * @param whole finds the rest of an answer that its status had no room for
 * @throws RequestMalformedError naming what is wrong with the request
 */
export async function pageOf(
  queries: readonly Query[],
  request: ListTasksRequest,
  whole: (query: Query) => Promise<Query>,
): Promise<ListTasksResponse> {
  const pageSize = sizeOf(request);
  const fitting = queries.flatMap(filterOf(request)).toSorted(lastChangedFirst);
  const begin = placeAfter(fitting, request.pageToken);
  const tasks: Task[] = [];
  let length = 0;
  for (const { query } of fitting.slice(begin, begin + pageSize)) {
    const told = tells(query, request) ? await whole(query) : query;
    length += tells(query, request) ? saidIn(told).length : 0;
    if (tasks.length > 0 && length > LONGEST_ANSWERS) break;
    tasks.push(shown(taskOf(told), request));
  }
  const last = fitting[begin + tasks.length - 1];
  const more = begin + tasks.length < fitting.length && last !== undefined;
  return { tasks, nextPageToken: more ? tokenOf(last) : '', pageSize, totalSize: fitting.length };
}

function sizeOf({ pageSize = DEFAULT_PAGE, historyLength }: ListTasksRequest): number {
  refuseHistory(historyLength);
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= LARGEST_PAGE) return pageSize;
  throw new RequestMalformedError(`pageSize must be a whole number from 1 to ${LARGEST_PAGE}`);
}

/** Which tasks the request wants, as rows of its list. */
function filterOf({ contextId, status, statusTimestampAfter }: ListTasksRequest): (query: Query) => Row[] {
  const after = Date.parse(statusTimestampAfter || '1970-01-01');
  if (Number.isNaN(after))
    throw new RequestMalformedError('statusTimestampAfter must be a time, as RFC 3339 writes it');
  if (status === TaskState.UNRECOGNIZED) throw new RequestMalformedError('status must be a state of A2A tasks');
  return (query) => {
    if (contextId && contextOf(query) !== contextId) return [];
    const { state, timestamp: at = '' } = statusOf(query);
    if (status !== TaskState.TASK_STATE_UNSPECIFIED && state !== status) return [];
    return Date.parse(at) >= after ? [{ id: query.metadata.name, at, query }] : [];
  };
}

const lastChangedFirst = (a: Pick<Row, 'at' | 'id'>, b: Pick<Row, 'at' | 'id'>): number =>
  a.at === b.at ? a.id.localeCompare(b.id) : b.at.localeCompare(a.at);

/** Whether a list shows what the task said: only then it must be read whole. */
const tells = (query: Query, { historyLength = 0, includeArtifacts }: ListTasksRequest): boolean =>
  includeArtifacts === true || historyLength > 0 || phaseOf(query) !== 'done';

const shown = (task: Task, { historyLength = 0, includeArtifacts }: ListTasksRequest): Task => ({
  ...trimmed(task, historyLength),
  artifacts: includeArtifacts === true ? task.artifacts : [],
});

/** A place in the order, not a task: a list goes on behind one that has changed or gone. */
const tokenOf = ({ at, id }: Row): string => Buffer.from(`${at} ${id}`).toString('base64url');

function placeAfter(rows: Row[], token: string): number {
  if (!token) return 0;
  const [at = '', id = '', ...more] = Buffer.from(token, 'base64url').toString().split(' ');
  if (Number.isNaN(Date.parse(at)) || id === '' || more.length > 0) {
    throw new RequestMalformedError('pageToken is not one of a list of tasks: list from the start');
  }
  const place = rows.findIndex((row) => lastChangedFirst(row, { at, id }) > 0);
  return place < 0 ? rows.length : place;
}
