import { resourceType } from '../kit/index.js';
import type { Permission } from '../machinery/permissions/permission.js';
import { A2ATask } from '../resources/a2a-task/a2a-task.resource.js';
import { Query } from '../resources/query/query.resource.js';

const { group, plural: queries } = resourceType(Query);
const { plural: tasks } = resourceType(A2ATask);

/** A Query for each message, and its cancellation; answers to what Queries ask. */
export const permissions: Permission[] = [
  { group, resource: queries, verbs: ['create', 'patch'] },
  { group, resource: tasks, verbs: ['list', 'patch'] },
];
