import type { ObjectKey, UntypedObject } from '../../../kit/resource/object.js';
import type { DeleteOptions } from '../../api-server/api-server.js';
import { conflict, forbidden, notFound } from '../errors/refusals.js';
import type { Kind } from '../kinds/kind.js';
import { viewOf } from '../kinds/view.js';
import type { ObjectStore } from '../store/object-store.js';
import { StoredObject, storageKey } from '../store/stored-object.js';
import { timestamp } from './envelope.js';

export interface Removal {
  /** False while finalizers keep the object. */
  gone: boolean;
  /** The last state of the object. */
  stored: StoredObject;
}

const PROTECTED = new Set(['default', 'kube-public', 'kube-system']);
const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** Deletes objects, or marks them while finalizers hold them. */
export class ObjectRemover {
  constructor(
    private readonly store: ObjectStore,
    private readonly now: () => Date,
  ) {}

  async remove(kind: Kind, at: ObjectKey, options: DeleteOptions = {}): Promise<Removal> {
    const key = storageKey(kind.served.type.namespaced ? at.namespace : undefined, at.name);
    try {
      return await this.removeOrMark(kind, key, at, options);
    } catch (error) {
      // As for updates: a refusal because of a write under way waits for it.
      await this.store.settled(kind.resource, key).catch(() => undefined);
      throw error;
    }
  }

  private async removeOrMark(kind: Kind, key: string, at: ObjectKey, options: DeleteOptions): Promise<Removal> {
    const { type } = kind.served;
    const current = this.store.newest(kind.resource, key);
    if (!current) throw notFound(type, at.name);
    if (kind.resource === '/namespaces' && PROTECTED.has(at.name)) {
      throw forbidden(type, at.name, 'this namespace may not be deleted');
    }
    checkPreconditions(kind, current.object, options);
    const marked = this.mark(kind, current.object, options);
    if (marked === undefined) {
      await this.store.settled(kind.resource, key);
      return { gone: false, stored: viewOf(kind, current) };
    }
    const held = (marked.metadata.finalizers?.length ?? 0) > 0 || kind.resource === '/namespaces';
    if (options.dryRun) return { gone: !held, stored: new StoredObject(marked, current.version).as(kind.apiVersion) };
    if (held) {
      return { gone: false, stored: (await this.store.put(kind.resource, key, marked)).as(kind.apiVersion) };
    }
    return { gone: true, stored: (await this.store.remove(kind.resource, key)).as(kind.apiVersion) };
  }

  /** The object on its way out, or undefined when it is there already and nothing changes. */
  private mark(kind: Kind, object: UntypedObject, options: DeleteOptions): UntypedObject | undefined {
    const finalizers = finalizersFor(object.metadata.finalizers ?? [], options.propagationPolicy);
    const unchanged = finalizers.length === (object.metadata.finalizers?.length ?? 0);
    if (object.metadata.deletionTimestamp && unchanged && finalizers.length > 0) return undefined;
    if (object.metadata.deletionTimestamp && unchanged && kind.resource === '/namespaces') return undefined;
    const { finalizers: _, ...metadata } = object.metadata;
    const generation = metadata.generation === undefined ? {} : { generation: metadata.generation + 1 };
    const first = metadata.deletionTimestamp
      ? {}
      : { deletionTimestamp: timestamp(this.now()), deletionGracePeriodSeconds: 0, ...generation };
    const next: UntypedObject = {
      ...object,
      metadata: { ...metadata, ...first, ...(finalizers.length > 0 ? { finalizers } : {}) },
    };
    if (kind.resource === '/namespaces') {
      delete next.metadata.deletionGracePeriodSeconds;
      next.status = { ...(object.status as object | undefined), phase: 'Terminating' };
    }
    return next;
  }
}

/** Propagation is remembered as a finalizer that the garbage collector takes away when it is done. */
function finalizersFor(present: string[], policy: DeleteOptions['propagationPolicy']): string[] {
  if (policy === undefined) return present;
  const others = present.filter((each) => each !== ORPHAN && each !== FOREGROUND);
  if (policy === 'Orphan') return [...others, ORPHAN];
  if (policy === 'Foreground') return [...others, FOREGROUND];
  return others;
}

function checkPreconditions(kind: Kind, object: UntypedObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = object;
  const refuse = (text: string) =>
    conflict({ ...kind.served.type, plural: kind.served.type.kind }, metadata.name, text);
  if (uid && uid !== metadata.uid) {
    throw refuse(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
