import type { ObjectMeta, UntypedObject } from '../../../kit/resource/object.js';
import type { ObjectStore } from '../store/object-store.js';

/**
 * A change the server makes by itself to the metadata of an object: no admission, no validation. An object on its way
 * out that has no finalizer left goes with the change. `change` returns undefined to leave the object as it is.
 */
export async function changeMetadata(
  store: ObjectStore,
  resource: string,
  key: string,
  change: (metadata: ObjectMeta) => ObjectMeta | undefined,
): Promise<void> {
  const current = store.newest(resource, key);
  if (!current) return;
  const metadata = change({ ...current.object.metadata });
  if (!metadata) return;
  if (metadata.deletionTimestamp && !metadata.finalizers?.length) {
    await store.remove(resource, key);
    return;
  }
  const next: UntypedObject = { ...current.object, metadata };
  await store.put(resource, key, next);
}

/** The metadata without one finalizer, or undefined when it is not there. */
export function withoutFinalizer(metadata: ObjectMeta, finalizer: string): ObjectMeta | undefined {
  if (!metadata.finalizers?.includes(finalizer)) return undefined;
  const { finalizers, ...rest } = metadata;
  const left = finalizers.filter((each) => each !== finalizer);
  return left.length > 0 ? { ...rest, finalizers: left } : rest;
}

/** The metadata without references to some owners, or undefined when there are none. */
export function withoutOwners(metadata: ObjectMeta, gone: (uid: string) => boolean): ObjectMeta | undefined {
  const { ownerReferences, ...rest } = metadata;
  const left = ownerReferences?.filter((owner) => !gone(owner.uid)) ?? [];
  if (left.length === (ownerReferences?.length ?? 0)) return undefined;
  return left.length > 0 ? { ...rest, ownerReferences: left } : rest;
}
