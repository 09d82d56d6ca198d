import type { StoredObject } from './stored-object.js';

/** One committed or pending write of one object. */
export interface Change {
  /** `group/plural`, the same for every served version. */
  resource: string;
  key: string;
  version: number;
  previous?: StoredObject;
  /** Absent for a deletion. */
  current?: StoredObject;
  /** What watchers see: the current object, or the last state with the version of its deletion. */
  seen: StoredObject;
}
