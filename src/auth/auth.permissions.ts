import type { Permission } from '../machinery/permissions/permission.js';

/** Whose token it is, and what they may do. */
export const permissions: Permission[] = [
  { group: 'authentication.k8s.io', resource: 'tokenreviews', verbs: ['create'] },
  { group: 'authorization.k8s.io', resource: 'subjectaccessreviews', verbs: ['create'] },
];
