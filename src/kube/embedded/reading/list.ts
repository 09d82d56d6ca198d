import type { ListOptions } from '../../api-server/api-server.js';
import type { Kind } from '../kinds/kind.js';
import { viewOf } from '../kinds/view.js';
import { objectFilter } from '../selectors/object-filter.js';
import type { ObjectStore } from '../store/object-store.js';
import type { StoredObject } from '../store/stored-object.js';
import { decodeContinue, encodeContinue } from './continue-token.js';
import { snapshotAt } from './snapshot.js';

export interface StoredList {
  items: StoredObject[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/** One page of the objects of a kind, consistent with its other pages. */
export function listObjects(store: ObjectStore, kind: Kind, options: ListOptions): StoredList {
  const token = options.continue ? decodeContinue(options.continue) : undefined;
  const version = token?.version ?? store.version;
  const snapshot = snapshotAt(store, kind.resource, version);
  const matches = objectFilter(options, kind.selectableFields);
  const { limit } = options;
  const items: StoredObject[] = [];
  const metadata: StoredList['metadata'] = { resourceVersion: String(version) };
  let position = token ? firstAfter(snapshot.keys, token.after) : 0;
  for (; position < snapshot.keys.length; position++) {
    const key = snapshot.keys[position]!;
    const stored = snapshot.get(key);
    if (!stored || !matches(stored.object)) continue;
    if (limit && items.length === limit) {
      metadata.continue = encodeContinue({ version, after: snapshot.keys[position - 1]! });
      break;
    }
    items.push(viewOf(kind, stored));
  }
  // Like the real server, the count is only told when no selector makes it a guess.
  if (metadata.continue && !options.labelSelector && !options.fieldSelector) {
    let remaining = 0;
    for (; position < snapshot.keys.length; position++) {
      if (matches(snapshot.get(snapshot.keys[position]!)!.object)) remaining++;
    }
    metadata.remainingItemCount = remaining;
  }
  return { items, metadata };
}

function firstAfter(keys: readonly string[], after: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
