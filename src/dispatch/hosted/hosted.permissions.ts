import { resourceType } from '../../kit/index.js';
import type { Permission } from '../../machinery/permissions/permission.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';

const { group, plural } = resourceType(A2ATask);

/** One A2ATask for each exchange with an agent on an A2A server. */
export const permissions: Permission[] = [
  { group, resource: plural, verbs: ['create', 'get', 'patch'] },
  { group, resource: `${plural}/status`, verbs: ['update'] },
];
