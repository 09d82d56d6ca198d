import { type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';

/** An identity for programs. */
@Resource({ group: '', version: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', status: false, builtIn: true })
export class ServiceAccount implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  automountServiceAccountToken?: boolean;
}
