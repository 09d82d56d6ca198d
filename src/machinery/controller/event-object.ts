import { randomBytes } from 'node:crypto';
import type { EventText, KubeObject, ResourceType } from '../../kit/index.js';

export const EVENT: ResourceType = { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };
/** Under which name Events are reported; what tools written for Ark look for. */
const COMPONENT = 'ark-controller';

export interface ObjectReference {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
  resourceVersion?: string;
}

/** One Event, reported so many times. */
export interface Occurrence {
  /** The object it is about; not the object itself, which may hold a long answer. */
  about: ObjectReference;
  text: EventText;
  first: Date;
  last: Date;
  count: number;
  /** The stored Event, once there is one. */
  name?: string;
}

export function referenceTo({ apiVersion, kind, metadata }: KubeObject): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

/** The Event as it is stored first. */
export function eventObject({ about, text, first, last, count }: Occurrence, namespace: string) {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${about.name.slice(0, 230)}.${randomBytes(8).toString('hex')}`,
      namespace,
      ...(text.annotations ? { annotations: text.annotations } : {}),
    },
    involvedObject: about,
    reason: text.reason,
    message: text.message,
    type: text.type,
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: '',
    firstTimestamp: stamp(first),
    lastTimestamp: stamp(last),
    count,
  };
}

/** What changes when it is reported again. */
export function eventRepeat({ text, last, count }: Occurrence) {
  return { count, lastTimestamp: stamp(last), message: text.message };
}

/** Kubernetes times have whole seconds. */
const stamp = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z');
