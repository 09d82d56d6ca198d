import { type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';

export interface ServicePort {
  /** May be left out when the Service has one port. */
  name?: string;
  port: number;
  protocol?: string;
  targetPort?: number | string;
}

/** A stable name in front of pods. */
@Resource({ group: '', version: 'v1', kind: 'Service', plural: 'services', builtIn: true })
export class Service implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: { ports?: ServicePort[]; selector?: Record<string, string>; type?: string; clusterIP?: string };
  status?: Record<string, unknown>;
}
