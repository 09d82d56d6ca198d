import type { UntypedObject } from '../../../kit/resource/object.js';
import { asDefinition, CLEANUP_FINALIZER } from '../kinds/definitions/definition.js';
import type { ObjectStore } from '../store/object-store.js';
import { storageKey } from '../store/stored-object.js';
import type { Container } from './container-cleaner.js';
import { changeMetadata, withoutFinalizer } from './metadata-change.js';

const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';

/** A definition holds the objects of its kind. */
export function definitionContainer(store: ObjectStore): Container {
  return {
    resource: DEFINITIONS,
    containerOf: ({ resource }) => {
      const slash = resource.indexOf('/');
      return storageKey(undefined, `${resource.slice(slash + 1)}.${resource.slice(0, slash)}`);
    },
    content: (_key, stored) => {
      const resource = definedResource(stored.object);
      return store
        .collection(resource)
        .keys()
        .map((key) => ({ resource, key }));
    },
    finish: (key) =>
      changeMetadata(store, DEFINITIONS, key, (metadata) => withoutFinalizer(metadata, CLEANUP_FINALIZER)),
  };
}

function definedResource(object: UntypedObject): string {
  const { group, names } = asDefinition(object).spec;
  return `${group}/${names.plural}`;
}
