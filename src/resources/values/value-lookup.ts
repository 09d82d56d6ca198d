import type { KubeObject, ObjectKey, ResourceClass } from '../../kit/index.js';

/** Reads of single objects, from a cache or a store. A reconciler's context is one. */
export interface ValueLookup {
  get<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): T | undefined | Promise<T | undefined>;
}
