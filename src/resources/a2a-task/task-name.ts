import { createHash } from 'node:crypto';
import { QUERY_NAME_LABEL } from '../labels.js';

/** Key in the metadata of a task that waits: the A2AServer whose record of the task takes the answer. */
export const RECORDED_FOR = 'ark.mckinsey.com/a2a-server';

const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;
const DNS_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/**
 * The name of the A2ATask for a task of the protocol: `a2a-task-<id>`. An id that fits no name is lower-cased and gets a
 * hash, so that ids that differ stay apart.
 */
export function taskName(taskId: string): string {
  const name = `a2a-task-${taskId}`;
  if (DNS_NAME.test(name) && name.length <= LONGEST_NAME) return name;
  const clean = taskId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `a2a-task-${shortened(clean, taskId, 100)}`;
}

/** The name for a task whose plain name belongs to another Query: two servers, or two Queries, may have the same id. */
export function ownTaskName(taskId: string, queryUid: string): string {
  const digest = createHash('sha256').update(queryUid).digest('hex').slice(0, 8);
  return `${taskName(taskId).slice(0, LONGEST_NAME - digest.length - 1)}-${digest}`;
}

/** The label by which the tasks of a Query are found. */
export function queryNameLabel(queryName: string): Record<string, string> {
  return {
    [QUERY_NAME_LABEL]: queryName.length <= LONGEST_LABEL ? queryName : shortened(queryName, queryName, LONGEST_LABEL),
  };
}

function shortened(text: string, whole: string, limit: number): string {
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 10);
  const kept = text.slice(0, limit - digest.length - 1).replace(/[-._]+$/, '');
  return kept ? `${kept}-${digest}` : digest;
}
