import { type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';

/** Plain values by key. */
@Resource({ group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', status: false, builtIn: true })
export class ConfigMap implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  data?: Record<string, string>;
  /** Base64. */
  binaryData?: Record<string, string>;
  immutable?: boolean;
}
