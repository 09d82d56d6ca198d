import type { Permission } from '../permissions/permission.js';

/** Events about the objects it works for; repeats are counted on the first. */
export const permissions: Permission[] = [{ group: '', resource: 'events', verbs: ['create', 'patch'] }];
