import { resourceType } from '../kit/index.js';
import type { Permission } from '../machinery/permissions/permission.js';
import { A2ATask } from '../resources/a2a-task/a2a-task.resource.js';

const { group, plural } = resourceType(A2ATask);

/** Tasks are shown, answered, told of and removed. */
export const permissions: Permission[] = [
  { group, resource: plural, verbs: ['get', 'list', 'watch', 'patch', 'delete'] },
];
