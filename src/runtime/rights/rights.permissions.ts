import type { Permission } from '../../machinery/permissions/permission.js';

const admission = 'admissionregistration.k8s.io';
const when = 'query-service-accounts';

/** To see that authors of Queries are checked, and to read with the rights of the service accounts they name. */
export const permissions: Permission[] = [
  { group: admission, resource: 'validatingadmissionpolicies', verbs: ['get'], when },
  { group: admission, resource: 'validatingadmissionpolicybindings', verbs: ['get'], when },
  { group: '', resource: 'serviceaccounts', verbs: ['impersonate'], when },
];
