import { resourceType } from '../kit/index.js';
import type { Permission } from '../machinery/permissions/permission.js';
import { Query } from '../resources/query/query.resource.js';

const { group, plural } = resourceType(Query);

/** A Query for each message, and its cancellation. */
export const permissions: Permission[] = [{ group, resource: plural, verbs: ['create', 'patch'] }];
