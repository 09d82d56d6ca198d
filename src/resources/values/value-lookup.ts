import type { KubeObject, ObjectKey, ResourceClass } from '../../kit/index.js';

/** Reads of single objects, from a cache or a store. A reconciler's context is one. */
export interface ValueLookup {
  /** Hears every text that is taken out of a Secret. */
  taken?(text: string): void;
  get<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): T | undefined | Promise<T | undefined>;
}
