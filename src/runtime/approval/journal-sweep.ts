import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { resourceType } from '../../kit/index.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { Query } from '../../resources/query/query.resource.js';
import { JournalEntries } from '../../storage/journal-entries.js';
import { Storage } from '../../storage/storage.js';

const SWEEP_MS = 600_000;
const ENDED = ['done', 'error', 'canceled'];

/** Removes the journals of Queries that have ended or are gone: nobody goes on with them. */
@Injectable()
export class JournalSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly entries: JournalEntries,
    private readonly storage: Storage,
    private readonly cache: ResourceCache,
    private readonly logger: RootLogger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    // Nothing is worth opening the database for: whoever writes next opens it, and the next round comes.
    if (!this.storage.isOpen) return;
    try {
      const known = await this.entries.queries();
      const queries = this.cache.informer<Query>(resourceType(Query));
      await queries.synced;
      const going = queries.list().filter(({ status }) => !ENDED.includes(status?.phase ?? ''));
      const needed = new Set(going.map(({ metadata }) => metadata.uid));
      await this.entries.forget(known.filter((uid) => !needed.has(uid)));
    } catch (error) {
      this.logger.warn({ err: error }, 'Journals of ended Queries stay until the next round');
    }
  }
}
