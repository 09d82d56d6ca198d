import { StatusError } from '../../api-server/status.js';
import type { KindTable } from '../kinds/kind-table.js';
import type { Change } from '../store/change.js';
import type { ObjectStore } from '../store/object-store.js';
import type { StoredObject } from '../store/stored-object.js';
import type { ObjectRemover } from '../writing/object-remover.js';
import type { Place } from './dependents.js';
import { WorkQueue } from './work-queue.js';

/** An object that goes only after everything in it has gone. */
export interface Container {
  /** `group/plural` of the containers. */
  resource: string;
  /** The key of the container an object is in, if any. */
  containerOf(place: Place, stored: StoredObject): string | undefined;
  /** Everything in a container, in all resources. */
  content(key: string, stored: StoredObject): Iterable<Place>;
  /** Lets the empty container go. */
  finish(key: string): Promise<void>;
}

/** Empties containers that are being deleted, with finalizers honoured, and then lets them go. */
export class ContainerCleaner {
  private readonly queue: WorkQueue;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly store: ObjectStore,
    private readonly kinds: KindTable,
    private readonly remover: ObjectRemover,
    private readonly container: Container,
    onError: (name: string, error: unknown) => void,
  ) {
    this.queue = new WorkQueue((key) => this.clean(key), onError);
    const containers = store.collection(container.resource);
    for (const key of containers.keys()) this.addIfLeaving(key);
    this.unsubscribe = store.onCommit((changes) => {
      for (const change of changes) this.follow(change);
    });
  }

  async stop(): Promise<void> {
    this.unsubscribe();
    await this.queue.stop();
  }

  private follow(change: Change): void {
    if (change.resource === this.container.resource) this.addIfLeaving(change.key);
    const key = this.container.containerOf(change, change.seen);
    if (key !== undefined && !(change.previous && change.current)) this.addIfLeaving(key);
  }

  private addIfLeaving(key: string): void {
    const stored = this.store.collection(this.container.resource).get(key);
    if (stored?.object.metadata.deletionTimestamp) this.queue.add(key);
  }

  private async clean(key: string): Promise<void> {
    const stored = this.store.collection(this.container.resource).get(key);
    if (!stored?.object.metadata.deletionTimestamp) return;
    const removals = [...this.container.content(key, stored)].map((place) => this.removeAt(place));
    const gone = await Promise.all(removals);
    if (gone.every(Boolean) && [...this.container.content(key, stored)].length === 0) await this.container.finish(key);
  }

  /** Whether the object is gone now. */
  private async removeAt(place: Place): Promise<boolean> {
    const kind = this.kinds.ofResource(place.resource);
    const stored = this.store.newest(place.resource, place.key);
    if (!kind || !stored) return true;
    try {
      return (await this.remover.remove(kind, stored.object.metadata)).gone;
    } catch (error) {
      if (StatusError.is(error, 'NotFound')) return true;
      throw error;
    }
  }
}
