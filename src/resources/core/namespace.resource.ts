import { type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';

/** A room for names. */
@Resource({ group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', scope: 'Cluster', builtIn: true })
export class Namespace implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: { finalizers?: string[] };
  status?: { phase?: 'Active' | 'Terminating' };
}
