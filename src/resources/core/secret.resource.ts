import { type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';

/** Helm keeps each release in a Secret of up to a megabyte. No value is read from one. */
const NO_RELEASES = 'type!=helm.sh/release.v1';

/** Confidential values by key. */
@Resource({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  status: false,
  builtIn: true,
  cached: NO_RELEASES,
})
export class Secret implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  /** Base64. */
  data?: Record<string, string>;
  /** Plain text; the API server moves it into `data`. */
  stringData?: Record<string, string>;
  /** Default: `Opaque`. */
  type?: string;
  immutable?: boolean;
}
