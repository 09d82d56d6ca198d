import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { resourceType } from '../../kit/index.js';
import type { Informer } from '../../kube/cache/informer.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { A2A_PUSH } from '../../resources/labels.js';
import { Query } from '../../resources/query/query.resource.js';
import { PushConfigs } from '../../storage/push-configs.js';
import { PushDeliveries } from '../../storage/push-deliveries.js';
import { Storage } from '../../storage/storage.js';
import { pushChange } from './push-change.js';
import { PushCourier } from './push-courier.js';

const SWEEP_MS = 600_000;
const RETRY_MS = 5_000;

/**
 * Hears of the changes of tasks and writes down those that somebody wants to be told. Every replica does, and the
 * database keeps each once; a process that starts hears of everything there is.
 */
@Injectable()
export class PushOutbox implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly queries: Informer<Query>;
  private readonly waiting = new Map<string, { query: Query; change: string }>();
  private working = false;
  private stop?: () => void;
  private sweeps?: NodeJS.Timeout;
  private retry?: NodeJS.Timeout;

  constructor(
    private readonly configs: PushConfigs,
    private readonly deliveries: PushDeliveries,
    private readonly courier: PushCourier,
    private readonly storage: Storage,
    private readonly logger: RootLogger,
    cache: ResourceCache,
  ) {
    this.queries = cache.informer<Query>(resourceType(Query));
  }

  onApplicationBootstrap(): void {
    this.stop = this.queries.onChange(({ current }) => current && this.hear(current));
    this.sweeps = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    this.stop?.();
    clearInterval(this.sweeps);
    clearTimeout(this.retry);
    this.waiting.clear();
  }

  /** A receiver has come: what the task has come to already is told too. */
  newReceiver({ metadata: { namespace, name } }: Query): void {
    const query = this.queries.get({ namespace, name });
    if (query) this.note(query);
  }

  private hear(query: Query): void {
    if (query.metadata.annotations?.[A2A_PUSH] === 'true') this.note(query);
  }

  private note(query: Query): void {
    const change = pushChange(query);
    if (change === undefined) return;
    this.waiting.set(`${query.metadata.namespace}/${query.metadata.name} ${change}`, { query, change });
    if (!this.working) void this.work();
  }

  private async work(): Promise<void> {
    this.working = true;
    try {
      for (const [key, { query, change }] of this.waiting) {
        const { namespace = '', name: task } = query.metadata;
        await this.deliveries.add({ namespace, task }, change);
        this.waiting.delete(key);
        this.courier.wake();
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Changes of tasks wait for the database before anybody is told');
      this.retry = setTimeout(() => void this.work(), RETRY_MS).unref();
      return;
    }
    this.working = false;
  }

  /** Removes what belongs to tasks that are gone. */
  async sweep(): Promise<void> {
    if (!this.storage.isOpen) return;
    try {
      await this.queries.synced;
      // A config may be there a moment before its task.
      const known = await this.configs.tasks(new Date(Date.now() - SWEEP_MS));
      await this.configs.forget(known.filter(({ namespace, task }) => !this.queries.get({ namespace, name: task })));
    } catch (error) {
      this.logger.warn({ err: error }, 'Push notification configs of deleted tasks stay until the next round');
    }
  }
}
