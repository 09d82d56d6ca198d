import { StatusError } from '../../api-server/status.js';
import type { ObjectStore } from '../store/object-store.js';
import type { StoredObject } from '../store/stored-object.js';

/** The objects of one resource at one version. */
export interface Snapshot {
  keys: readonly string[];
  get(key: string): StoredObject | undefined;
}

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter.';

/** Looks back with the history of changes. Throws Expired when it does not reach that far. */
export function snapshotAt(store: ObjectStore, resource: string, version: number): Snapshot {
  const collection = store.collection(resource);
  if (version === store.version) return { keys: collection.keys(), get: (key) => collection.get(key) };
  if (version > store.version || !store.history.reaches(version)) throw new StatusError('Expired', TOO_OLD);
  const before = new Map<string, StoredObject | undefined>();
  for (const change of store.history.after(version)) {
    if (change.resource === resource && !before.has(change.key)) before.set(change.key, change.previous);
  }
  const keys = new Set(collection.keys());
  for (const [key, stored] of before) {
    if (stored) keys.add(key);
    else keys.delete(key);
  }
  const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return { keys: sorted, get: (key) => (before.has(key) ? before.get(key) : collection.get(key)) };
}
