import type { Query } from '../../resources/query/query.resource.js';
import { attemptOf, isSettled, phaseOf } from '../tasks/query-task.js';

/** The change of a task that its receivers are told, by a name that no other change of it has; undefined: none yet. */
export const pushChange = (query: Query): string | undefined =>
  isSettled(query) ? `${attemptOf(query)}/${phaseOf(query)}` : undefined;
