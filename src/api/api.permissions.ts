import { resourceType } from '../kit/index.js';
import type { Permission } from '../machinery/permissions/permission.js';
import { A2ATask } from '../resources/a2a-task/a2a-task.resource.js';
import { Query } from '../resources/query/query.resource.js';

const { group, plural } = resourceType(A2ATask);
const { plural: queries } = resourceType(Query);

/** Tasks are shown, answered, told of and removed; whom their Queries act as is read. */
export const permissions: Permission[] = [
  { group, resource: plural, verbs: ['get', 'list', 'watch', 'patch', 'delete'] },
  { group, resource: queries, verbs: ['get'] },
];
