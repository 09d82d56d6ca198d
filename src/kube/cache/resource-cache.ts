import type { KubeObject } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import type { ApiServer } from '../api-server/api-server.js';
import type { Informer } from './informer.js';
import { type InformerHealth, type InformerOptions, ListWatchInformer } from './list-watch-informer.js';

/** One informer for each kind asked for, shared by all who ask. */
export class ResourceCache {
  private readonly informers = new Map<string, { informer: ListWatchInformer<KubeObject>; running: Promise<void> }>();
  private closed = false;

  constructor(
    private readonly server: ApiServer,
    private readonly options: InformerOptions = {},
  ) {}

  /** The informer of a kind; the first call starts it. */
  informer<T extends KubeObject = KubeObject>(type: ResourceType): Informer<T> {
    if (this.closed) throw new Error(`the cache is closed; nobody can follow ${type.plural} any more`);
    const id = `${type.group}/${type.version}/${type.plural}`;
    let entry = this.informers.get(id);
    if (!entry) {
      const informer = new ListWatchInformer<KubeObject>(this.server, type, this.options);
      entry = { informer, running: informer.run() };
      this.informers.set(id, entry);
    }
    return entry.informer as unknown as Informer<T>;
  }

  /** Resolves when every informer asked for so far holds what existed when it started. */
  async synced(): Promise<void> {
    await Promise.all([...this.informers.values()].map(({ informer }) => informer.synced));
  }

  health(): InformerHealth[] {
    return [...this.informers.values()].map(({ informer }) => informer.health());
  }

  /** Ends every watch. Copies stay readable; nobody hears of changes any more. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { informer } of this.informers.values()) informer.close();
    await Promise.all([...this.informers.values()].map(({ running }) => running));
  }
}
