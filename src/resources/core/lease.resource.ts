import { type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';

/** Who holds a role, and until when. */
@Resource({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  status: false,
  builtIn: true,
})
export class Lease implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    /** RFC 3339 with microseconds. */
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}
