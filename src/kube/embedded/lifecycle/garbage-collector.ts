import type { OwnerReference, UntypedObject } from '../../../kit/resource/object.js';
import type { KindTable } from '../kinds/kind-table.js';
import type { Change } from '../store/change.js';
import type { ObjectStore } from '../store/object-store.js';
import { type StoredObject, storageKey } from '../store/stored-object.js';
import type { ObjectRemover } from '../writing/object-remover.js';
import { Dependents, placeOf, placeText } from './dependents.js';
import { changeMetadata, withoutFinalizer, withoutOwners } from './metadata-change.js';
import { WorkQueue } from './work-queue.js';

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** Deletes what has lost its last owner, and carries out foreground and orphan deletion. */
export class GarbageCollector {
  private readonly dependents = new Dependents();
  private readonly queue: WorkQueue;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly store: ObjectStore,
    private readonly kinds: KindTable,
    private readonly remover: ObjectRemover,
    onError: (name: string, error: unknown) => void,
  ) {
    this.queue = new WorkQueue((name) => this.work(name), onError);
    for (const [resource, collection] of store.resources()) {
      for (const key of collection.keys()) {
        const stored = collection.get(key)!;
        this.dependents.add(resource, key, stored);
        if (needsWork(stored.object)) this.queue.add(placeText({ resource, key }));
      }
    }
    this.unsubscribe = store.onCommit((changes) => {
      for (const change of changes) this.follow(change);
    });
  }

  async stop(): Promise<void> {
    this.unsubscribe();
    await this.queue.stop();
  }

  private follow(change: Change): void {
    this.dependents.change(change);
    const { metadata } = change.seen.object;
    if (!change.current) {
      for (const place of this.dependents.of(metadata.uid)) this.queue.add(place);
      for (const owner of metadata.ownerReferences ?? []) this.addOwner(owner, metadata.namespace);
      return;
    }
    const before = change.previous?.object.metadata;
    const leaving = metadata.deletionTimestamp !== undefined && metadata.finalizers !== before?.finalizers;
    if (leaving || metadata.ownerReferences !== before?.ownerReferences) {
      if (needsWork(change.current.object)) this.queue.add(placeText(change));
    }
  }

  private addOwner(owner: OwnerReference, namespace: string | undefined): void {
    const found = this.find(owner, namespace);
    if (found.stored?.object.metadata.deletionTimestamp) this.queue.add(found.place!);
  }

  private async work(name: string): Promise<void> {
    const { resource, key } = placeOf(name);
    const stored = this.store.collection(resource).get(key);
    if (!stored) return;
    const { metadata } = stored.object;
    if (metadata.deletionTimestamp && metadata.finalizers?.includes(ORPHAN)) await this.orphan(resource, key, stored);
    if (metadata.deletionTimestamp && metadata.finalizers?.includes(FOREGROUND)) {
      await this.deleteDependents(resource, key, stored);
    }
    if (metadata.ownerReferences?.length && !metadata.deletionTimestamp) await this.judge(resource, key);
  }

  /** Lets the dependents go free, then the owner. */
  private async orphan(resource: string, key: string, stored: StoredObject): Promise<void> {
    const { uid } = stored.object.metadata;
    for (const text of this.dependents.of(uid)) {
      const place = placeOf(text);
      await changeMetadata(this.store, place.resource, place.key, (metadata) =>
        withoutOwners(metadata, (each) => each === uid),
      );
    }
    await changeMetadata(this.store, resource, key, (metadata) => withoutFinalizer(metadata, ORPHAN));
  }

  /** Deletes the dependents; the owner goes when none is left that blocks it. */
  private async deleteDependents(resource: string, key: string, stored: StoredObject): Promise<void> {
    const { uid } = stored.object.metadata;
    let blocked = false;
    for (const text of this.dependents.of(uid)) {
      const place = placeOf(text);
      const dependent = this.store.collection(place.resource).get(place.key);
      if (!dependent) continue;
      if (!dependent.object.metadata.deletionTimestamp) await this.judge(place.resource, place.key);
      const left = this.store.newest(place.resource, place.key)?.object.metadata.ownerReferences;
      if (left?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion)) blocked = true;
    }
    if (!blocked) await changeMetadata(this.store, resource, key, (metadata) => withoutFinalizer(metadata, FOREGROUND));
  }

  /** Deletes an object without a living owner; forgets dead owners of one that has a living one. */
  private async judge(resource: string, key: string): Promise<void> {
    // From here to the write nothing waits, so the judgement is about what is deleted.
    const metadata = this.store.newest(resource, key)?.object.metadata;
    if (!metadata || metadata.deletionTimestamp) return;
    const dead = new Set<string>();
    let waiting = false;
    for (const owner of metadata.ownerReferences ?? []) {
      const { stored, known } = this.find(owner, metadata.namespace);
      if (!known) continue;
      const finalizers = stored?.object.metadata.deletionTimestamp ? (stored.object.metadata.finalizers ?? []) : [];
      if (finalizers.includes(FOREGROUND)) waiting = true;
      if (!stored || finalizers.includes(FOREGROUND)) dead.add(owner.uid);
    }
    if (dead.size === 0) return;
    if (dead.size < (metadata.ownerReferences?.length ?? 0)) {
      await changeMetadata(this.store, resource, key, (current) => withoutOwners(current, (uid) => dead.has(uid)));
      return;
    }
    const kind = this.kinds.ofResource(resource);
    if (!kind) return;
    const foreground = waiting && this.dependents.of(metadata.uid).length > 0;
    await this.remover.remove(kind, metadata, { propagationPolicy: foreground ? 'Foreground' : undefined });
  }

  /** The owner, if it lives. `known` is false when its kind is not served here, so that nobody can tell. */
  private find(owner: OwnerReference, namespace: string | undefined) {
    const kind = this.kinds.ofReference(owner.apiVersion, owner.kind);
    if (!kind) return { known: false };
    const key = storageKey(kind.served.type.namespaced ? namespace : undefined, owner.name);
    const stored = this.store.newest(kind.resource, key);
    if (stored?.object.metadata.uid !== owner.uid) return { known: true };
    return { known: true, stored, place: placeText({ resource: kind.resource, key }) };
  }
}

function needsWork({ metadata }: UntypedObject): boolean {
  if (metadata.ownerReferences?.length) return true;
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers?.length ?? 0) > 0;
}
