import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { keyText, type ObjectKey, resourceType } from '../../kit/index.js';
import type { Informer } from '../../kube/cache/informer.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Query } from '../../resources/query/query.resource.js';

/** Waits for Queries, any number at once: one listener hears all changes and wakes those who wait for that one. */
@Injectable()
export class QueryChanges implements OnApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly queries: Informer<Query>;
  private stop?: () => void;

  constructor(cache: ResourceCache) {
    this.queries = cache.informer<Query>(resourceType(Query));
  }

  /** No earlier: somebody may wait for an answer. */
  onApplicationShutdown(): void {
    this.stop?.();
  }

  /** As it is now; undefined when it is gone, or not seen yet. */
  latest(key: ObjectKey): Query | undefined {
    return this.queries.get(key);
  }

  /** The newest state of a Query that fits; undefined when it was deleted, or when the signal is aborted first. */
  async until(key: ObjectKey, fits: (query: Query) => boolean, signal: AbortSignal): Promise<Query | undefined> {
    await this.queries.synced;
    this.stop ??= this.queries.onChange((change) => this.wake(keyText(change.key)));
    // One that has just been made may not be in the copy yet; one that was there and is not is gone.
    for (let seen = false; !signal.aborted; await this.change(keyText(key), signal)) {
      const query = this.queries.get(key);
      if (query ? fits(query) : seen) return query;
      seen ||= query !== undefined;
    }
    return undefined;
  }

  private wake(key: string): void {
    const waiting = this.waiting.get(key);
    this.waiting.delete(key);
    for (const resume of waiting ?? []) resume();
  }

  private change(key: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.waiting.get(key) ?? new Set();
      this.waiting.set(key, waiting);
      const done = () => {
        signal.removeEventListener('abort', done);
        waiting.delete(done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
