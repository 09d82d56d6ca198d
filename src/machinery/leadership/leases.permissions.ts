import type { Permission } from '../permissions/permission.js';

/** One Lease for each process, and a look at those of the others. */
export const permissions: Permission[] = [
  {
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['create', 'delete', 'list', 'patch'],
    own: true,
  },
];
