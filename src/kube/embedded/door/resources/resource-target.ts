import type { ObjectKey } from '../../../../kit/resource/object.js';
import type { ServedKind } from '../../catalogue.js';

/** The kind, and perhaps namespace and name, that a request is about. */
export interface ResourceTarget {
  served: ServedKind;
  namespace?: string;
  name?: string;
  subresource?: 'status' | 'scale';
}

/** A target that names one object. */
export type ObjectTarget = ResourceTarget & { name: string };

export function keyOf(target: ObjectTarget): ObjectKey {
  return { name: target.name, ...(target.namespace === undefined ? {} : { namespace: target.namespace }) };
}
