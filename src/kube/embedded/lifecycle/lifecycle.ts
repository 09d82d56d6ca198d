import { errorText } from '../../../kit/errors/ark-error.js';
import { StatusError } from '../../api-server/status.js';
import type { KindTable } from '../kinds/kind-table.js';
import type { ObjectStore } from '../store/object-store.js';
import type { ObjectRemover } from '../writing/object-remover.js';
import { ContainerCleaner } from './container-cleaner.js';
import { definitionContainer } from './definition-container.js';
import { EventExpiry } from './event-expiry.js';
import { GarbageCollector } from './garbage-collector.js';
import { namespaceContainer } from './namespace-container.js';

/** What a cluster does for objects in general: owners, namespaces and definitions that go, Events that grow old. */
export class Lifecycle {
  private workers: { stop(): Promise<void> }[] = [];

  constructor(
    private readonly store: ObjectStore,
    private readonly kinds: KindTable,
    private readonly remover: ObjectRemover,
    private readonly now: () => Date,
  ) {}

  /** Looks at everything stored once, then follows changes. */
  start(): void {
    const { store, kinds, remover, now } = this;
    this.workers = [
      new GarbageCollector(store, kinds, remover, report),
      new ContainerCleaner(store, kinds, remover, namespaceContainer(store), report),
      new ContainerCleaner(store, kinds, remover, definitionContainer(store), report),
      new EventExpiry(store, kinds, remover, now, report),
    ];
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}

/** Losing a race is normal: the winning write brings the object up again. */
function report(name: string, error: unknown): void {
  if (StatusError.is(error, 'NotFound', 'Conflict')) return;
  process.emitWarning(`cannot clean up ${name}: ${errorText(error)}`, 'EmbeddedApiServerWarning');
}
