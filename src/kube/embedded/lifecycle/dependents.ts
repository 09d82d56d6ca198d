import type { Change } from '../store/change.js';
import type { StoredObject } from '../store/stored-object.js';

/** A stored object, by place: `group/plural` and `namespace/name`. */
export interface Place {
  resource: string;
  key: string;
}

export function placeText(place: Place): string {
  return `${place.resource} ${place.key}`;
}

export function placeOf(text: string): Place {
  const space = text.indexOf(' ');
  return { resource: text.slice(0, space), key: text.slice(space + 1) };
}

/** Who depends on whom, by uid of the owner. */
export class Dependents {
  private readonly byOwner = new Map<string, Set<string>>();

  add(resource: string, key: string, stored: StoredObject): void {
    for (const owner of stored.object.metadata.ownerReferences ?? []) {
      const places = this.byOwner.get(owner.uid) ?? new Set();
      this.byOwner.set(owner.uid, places);
      places.add(placeText({ resource, key }));
    }
  }

  change(change: Change): void {
    const before = change.previous?.object.metadata.ownerReferences;
    const after = change.current?.object.metadata.ownerReferences;
    if (before === after) return;
    const text = placeText(change);
    for (const owner of before ?? []) {
      const places = this.byOwner.get(owner.uid);
      if (places?.delete(text) && places.size === 0) this.byOwner.delete(owner.uid);
    }
    if (change.current) this.add(change.resource, change.key, change.current);
  }

  of(uid: string | undefined): string[] {
    return [...((uid && this.byOwner.get(uid)) || [])];
  }
}
