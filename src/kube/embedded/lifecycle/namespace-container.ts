import type { ObjectStore } from '../store/object-store.js';
import { storageKey } from '../store/stored-object.js';
import type { Container } from './container-cleaner.js';
import type { Place } from './dependents.js';

const NAMESPACES = '/namespaces';

/** A namespace holds every object whose key begins with its name. */
export function namespaceContainer(store: ObjectStore): Container {
  return {
    resource: NAMESPACES,
    containerOf: (_place, stored) => {
      const { namespace } = stored.object.metadata;
      return namespace ? storageKey(undefined, namespace) : undefined;
    },
    content: (_key, stored) => inNamespace(store, stored.object.metadata.name),
    finish: async (key) => {
      const stored = store.newest(NAMESPACES, key);
      // Finalizers in the metadata belong to other people; they let go themselves.
      if (stored && !stored.object.metadata.finalizers?.length) await store.remove(NAMESPACES, key);
    },
  };
}

function* inNamespace(store: ObjectStore, namespace: string): Iterable<Place> {
  const prefix = storageKey(namespace, '');
  for (const [resource, collection] of store.resources()) {
    for (const key of collection.keys()) if (key.startsWith(prefix)) yield { resource, key };
  }
}
