import type { ListFilter } from '../../kit/reconciler/reconciler.js';
import type { KubeObject, ObjectKey } from '../../kit/resource/object.js';

/** A change of one cached object. `previous` is absent for a new object, `current` for a deleted one. */
export interface Change<T extends KubeObject = KubeObject> {
  key: ObjectKey;
  current?: T;
  previous?: T;
}

/**
 * A local copy of all objects of one kind, kept current by list and watch.
 *
 * Guarantees: reads are synchronous and never block; after `synced` every object that existed at start is there;
 * listeners hear each change once, in order, after the copy has it. It resumes after a broken watch, relists after 410,
 * and drops what vanished in between (heard as deletions).
 */
export interface Informer<T extends KubeObject = KubeObject> {
  readonly synced: Promise<void>;
  get(key: ObjectKey): T | undefined;
  list(filter?: ListFilter): T[];
  /** Objects under a value of an index added before. */
  byIndex(index: string, value: string): T[];
  /** Adds an index over present and future objects; the same name twice is an error. */
  addIndex(index: string, values: (object: T) => string[]): void;
  /** Calls the listener for every present object, then for every change. Returns the way to stop. */
  onChange(listener: (change: Change<T>) => void): () => void;
}
