import type { Permission } from '../machinery/permissions/permission.js';

/** To make requests of callers in their own name. */
export const permissions: Permission[] = ['users', 'groups', 'serviceaccounts'].map((resource) => ({
  group: '',
  resource,
  verbs: ['impersonate'],
  when: 'impersonation',
}));
