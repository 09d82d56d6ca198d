import type { ResourceType } from '../../../kit/resource/resource.js';
import { StatusError } from '../../api-server/status.js';
import { notFound, qualified } from '../errors/refusals.js';
import { NAMESPACE_TYPE } from '../kinds/built-in/namespace.js';
import type { ObjectStore } from '../store/object-store.js';
import { storageKey } from '../store/stored-object.js';

/** Nothing is created in a namespace that is absent or on its way out. */
export function checkNamespace(store: ObjectStore, type: ResourceType, name: string, namespace: string): void {
  const found = store.newest('/namespaces', storageKey(undefined, namespace));
  if (!found) throw notFound(NAMESPACE_TYPE, namespace);
  if (!found.object.metadata.deletionTimestamp) return;
  const reason = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw new StatusError('Forbidden', `${qualified(type.plural, type.group)} "${name}" is forbidden: ${reason}`, {
    name,
    ...(type.group ? { group: type.group } : {}),
    kind: type.plural,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}
