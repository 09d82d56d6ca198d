import { declare } from './declare.js';
import { integer, object, string, time } from './schema-words.js';

export const lease = declare({
  type: { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true },
  description: 'Lease defines a lease concept.',
  properties: {
    spec: object({
      holderIdentity: string('Who holds the lease.'),
      leaseDurationSeconds: integer('How long candidates wait after renewTime before they take the lease.'),
      acquireTime: time(),
      renewTime: time(),
      leaseTransitions: integer('How often the lease changed hands.'),
      preferredHolder: string(),
      strategy: string(),
    }),
  },
  columns: [{ name: 'Holder', type: 'string', jsonPath: '.spec.holderIdentity' }],
  rules: { unconditionalUpdate: false, createOnUpdate: true },
});
