import type { UntypedObject } from '../../../kit/resource/object.js';
import { isObject } from '../json/json.js';

/** Different sets remembered. A store with more gains little from sharing, and begins anew. */
const MOST_KNOWN = 1_000;

/**
 * One copy of each set of owned fields (`metadata.managedFields[].fieldsV1`). The objects of a kind are written by the
 * same few writers, so thousands of them carry the same sets, which are often half of an object's memory.
 */
export class KnownFieldSets {
  private readonly known = new Map<string, object>();

  /** Puts the shared sets into an object. They are frozen: whoever wants to change one makes a copy. */
  share(object: UntypedObject): void {
    const entries: unknown = object.metadata.managedFields;
    if (!Array.isArray(entries)) return;
    for (const entry of entries) {
      if (isObject(entry) && isObject(entry.fieldsV1)) entry.fieldsV1 = this.only(entry.fieldsV1);
    }
  }

  private only(fields: object): object {
    if (Object.isFrozen(fields)) return fields;
    const text = JSON.stringify(fields);
    const before = this.known.get(text);
    if (before) return before;
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(text, frozen(fields));
    return fields;
  }
}

function frozen(fields: object): object {
  for (const below of Object.values(fields)) if (isObject(below)) frozen(below);
  return Object.freeze(fields);
}
