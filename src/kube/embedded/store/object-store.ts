import { errorText } from '../../../kit/errors/ark-error.js';
import type { UntypedObject } from '../../../kit/resource/object.js';
import type { Change } from './change.js';
import { Collection } from './collection.js';
import { CommitQueue } from './commit-queue.js';
import { Database } from './database.js';
import { History } from './history.js';
import { KnownFieldSets } from './known-field-sets.js';
import { RecentTexts } from './recent-texts.js';
import { checkSize } from './size-limit.js';
import { StoredObject } from './stored-object.js';

interface Pending {
  stored?: StoredObject;
  committed: Promise<void>;
}

/**
 * All objects. Readers see committed state (`collection`); writers build on the newest state (`newest`), which may
 * still be on its way to the disk. Reading `newest` and calling `put` in one synchronous stretch is atomic.
 */
export class ObjectStore {
  private readonly collections = new Map<string, Collection>();
  private readonly pending = new Map<string, Pending>();
  private readonly listeners = new Set<(changes: readonly Change[]) => void>();
  private readonly queue: CommitQueue<Change>;
  private readonly texts = new RecentTexts();
  private readonly fields = new KnownFieldSets();
  private assigned: number;
  private committed: number;
  readonly history: History;

  private constructor(private readonly database: Database) {
    this.assigned = database.version();
    this.committed = this.assigned;
    this.history = new History(this.assigned);
    for (const row of database.rows()) {
      const object = JSON.parse(row.json) as UntypedObject;
      this.fields.share(object);
      this.collection(row.resource).set(row.key, new StoredObject(object, row.version, this.texts));
    }
    this.queue = new CommitQueue(
      (changes) => this.commit(changes),
      () => this.pending.clear(),
    );
  }

  static async open(dataDir: string): Promise<ObjectStore> {
    const database = await Database.open(dataDir);
    try {
      return new ObjectStore(database);
    } catch (error) {
      // The folder must be free for whoever mends it.
      await database.close();
      throw error;
    }
  }

  /** The newest version readers may know. */
  get version(): number {
    return this.committed;
  }

  collection(resource: string): Collection {
    let collection = this.collections.get(resource);
    if (!collection) {
      collection = new Collection();
      this.collections.set(resource, collection);
    }
    return collection;
  }

  resources(): Iterable<[string, Collection]> {
    return this.collections;
  }

  /** The newest state of an object, committed or not. */
  newest(resource: string, key: string): StoredObject | undefined {
    const pending = this.pending.get(`${resource} ${key}`);
    return pending ? pending.stored : this.collection(resource).get(key);
  }

  /** Resolves when the newest state of an object is committed. */
  async settled(resource: string, key: string): Promise<void> {
    await this.pending.get(`${resource} ${key}`)?.committed;
  }

  /**
   * Gives the object the next version and writes it. Takes ownership of the object. Resolves after the commit.
   * Throws RequestEntityTooLarge.
   */
  async put(resource: string, key: string, object: UntypedObject): Promise<StoredObject> {
    const version = ++this.assigned;
    object.metadata.resourceVersion = String(version);
    this.fields.share(object);
    const stored = new StoredObject(object, version, this.texts);
    checkSize(stored);
    const previous = this.newest(resource, key);
    await this.submit({ resource, key, version, previous, current: stored, seen: stored });
    return stored;
  }

  /** Removes the object. Resolves after the commit with its last state, in the version of the deletion. */
  async remove(resource: string, key: string): Promise<StoredObject> {
    const previous = this.newest(resource, key);
    if (!previous) throw new TypeError(`${resource} ${key} is not stored`);
    const version = ++this.assigned;
    const { object } = previous;
    const metadata = { ...object.metadata, resourceVersion: String(version) };
    const seen = new StoredObject({ ...object, metadata }, version, this.texts);
    await this.submit({ resource, key, version, previous, seen });
    return seen;
  }

  /** Calls the listener with every committed batch, in order. Returns the way to stop. */
  onCommit(listener: (changes: readonly Change[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.queue.drained();
    await this.database.close();
  }

  private submit(change: Change): Promise<void> {
    const id = `${change.resource} ${change.key}`;
    const committed = this.queue.submit(change);
    const entry: Pending = { stored: change.current, committed };
    this.pending.set(id, entry);
    return committed;
  }

  private async commit(changes: Change[]): Promise<void> {
    await this.database.write(changes);
    for (const change of changes) {
      const collection = this.collection(change.resource);
      if (change.current) collection.set(change.key, change.current);
      else collection.delete(change.key);
      if (change.previous) this.texts.forget(change.previous);
      this.history.push(change);
      const id = `${change.resource} ${change.key}`;
      if (this.pending.get(id)?.stored === change.current) this.pending.delete(id);
    }
    this.committed = changes.at(-1)!.version;
    for (const listener of this.listeners) tell(listener, changes);
  }
}

/** The changes are on disk: a listener that fails must not make their writers believe otherwise. */
function tell(listener: (changes: readonly Change[]) => void, changes: readonly Change[]): void {
  try {
    listener(changes);
  } catch (error) {
    process.emitWarning(`a listener failed on committed changes: ${errorText(error)}`, 'EmbeddedApiServerWarning');
  }
}
