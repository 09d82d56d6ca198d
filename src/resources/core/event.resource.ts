import { type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';

export interface InvolvedObject {
  apiVersion?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  resourceVersion?: string;
}

/** Something that happened to an object. */
@Resource({ group: '', version: 'v1', kind: 'Event', plural: 'events', status: false, builtIn: true })
export class Event implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  involvedObject: InvolvedObject;
  /** PascalCase. */
  reason?: string;
  message?: string;
  /** `Normal` or `Warning`. */
  type?: string;
  /** How often it happened, from `firstTimestamp` to `lastTimestamp` (RFC 3339). */
  count?: number;
  firstTimestamp?: string;
  lastTimestamp?: string;
  source?: { component?: string; host?: string };
  reportingComponent?: string;
  reportingInstance?: string;
}
