import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { type Logger, resourceType } from '../../kit/index.js';
import type { Change } from '../../kube/cache/informer.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Query } from '../../resources/query/query.resource.js';
import type { Chunks } from '../../storage/chunks.js';
import type { Messages } from '../../storage/messages.js';
import type { Storage } from '../../storage/storage.js';
import { isPassingUid } from '../passing/passing-queries.js';
import type { Memories } from './memories.js';

/** Deletions come in bursts. */
const GATHER_MS = 200;
const SWEEP_MS = 600_000;
/** A message younger than this may belong to a Query that this process has not heard of yet. */
const SETTLED_MS = 600_000;
/** How long a stream can be read again. */
const STREAMS_KEPT_MS = 24 * 3_600_000;
const FORGET_MS = 30_000;

/**
 * Lets memories forget the Queries that are deleted, without a finalizer on any of them. What was deleted while nobody
 * looked is found later in the built-in memory, by comparing uids.
 */
export class ConversationSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private gathered: Query[] = [];
  private timer?: NodeJS.Timeout;
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly memories: Memories,
    private readonly messages: Messages,
    private readonly chunks: Chunks,
    private readonly storage: Storage,
    private readonly cache: ResourceCache,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const queries = this.cache.informer<Query>(resourceType(Query));
    this.stops.push(queries.onChange((change) => this.heard(change)));
    const sweeps = setInterval(() => void this.sweep(), SWEEP_MS);
    sweeps.unref();
    this.stops.push(() => clearInterval(sweeps));
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
  }

  /** Removes what is over its time, and what Queries left behind that are gone. */
  async sweep(now = Date.now()): Promise<void> {
    // Nothing is worth opening the database for: whoever writes next opens it, and the next round comes.
    if (!this.storage.isOpen) return;
    try {
      const queries = this.cache.informer<Query>(resourceType(Query));
      await queries.synced;
      await this.messages.expire();
      await this.chunks.expire(new Date(now - STREAMS_KEPT_MS));
      const known = await this.messages.queryIds(new Date(now - SETTLED_MS));
      const present = new Set(queries.list().map(({ metadata }) => metadata.uid));
      // Those of Queries that never were objects go when their time is over.
      await this.messages.forget(known.filter((uid) => !present.has(uid) && !isPassingUid(uid)));
    } catch (error) {
      this.logger.warn({ err: error }, 'Old messages could not be removed; they are tried again later');
    }
  }

  private heard({ current, previous }: Change<Query>): void {
    const replaced = current && previous && current.metadata.uid !== previous.metadata.uid;
    if (!previous || (current && !replaced)) return;
    this.gathered.push(previous);
    this.timer ??= setTimeout(() => void this.forget(), GATHER_MS);
  }

  private async forget(): Promise<void> {
    const queries = this.gathered.splice(0);
    this.timer = undefined;
    await this.forgetStreams(queries);
    const groups = Map.groupBy(queries, (query) => this.memories.nameFor(query));
    for (const [memory, gone] of groups) {
      if (memory === undefined && !this.storage.isOpen) continue;
      try {
        const client = await this.memories.ownOf(gone[0] as Query);
        const signal = AbortSignal.timeout(FORGET_MS);
        await client.forget(
          gone.map(({ metadata }) => ({ name: metadata.name, uid: metadata.uid ?? '' })),
          signal,
        );
      } catch (error) {
        this.logger.warn({ memory, queries: gone.length, err: error }, 'A memory did not forget deleted Queries');
      }
    }
  }

  private async forgetStreams(queries: Query[]): Promise<void> {
    if (!this.storage.isOpen) return;
    try {
      await this.chunks.forget(queries.map(({ metadata }) => metadata.uid ?? ''));
    } catch (error) {
      this.logger.warn({ err: error }, 'Streams of deleted Queries stay until they are over their time');
    }
  }
}
