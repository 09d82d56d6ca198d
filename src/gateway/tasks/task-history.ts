import type { Task } from '@a2a-js/sdk';
import { RequestMalformedError } from '@a2a-js/sdk/errors';

/** @param length how many messages a client wants to see; undefined: as many as there are */
export function refuseHistory(length: number | undefined): void {
  if (length === undefined || (Number.isInteger(length) && length >= 0)) return;
  throw new RequestMalformedError('historyLength must be a whole number, 0 or more');
}

/** The task with the last messages of its history. */
export const trimmed = (task: Task, historyLength: number | undefined): Task =>
  historyLength === undefined
    ? task
    : { ...task, history: historyLength > 0 ? task.history.slice(-historyLength) : [] };
