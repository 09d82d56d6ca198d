import { errorText } from '../../../kit/errors/ark-error.js';
import { StatusError } from '../../api-server/status.js';
import { configMap } from '../kinds/built-in/config-map.js';
import { serviceAccount } from '../kinds/built-in/service-account.js';
import type { KindTable } from '../kinds/kind-table.js';
import type { ObjectStore } from '../store/object-store.js';
import type { ObjectRemover } from '../writing/object-remover.js';
import type { ObjectWriter } from '../writing/object-writer.js';
import { ContainerCleaner } from './container-cleaner.js';
import { definitionContainer } from './definition-container.js';
import { EventExpiry } from './event-expiry.js';
import { GarbageCollector } from './garbage-collector.js';
import { namespaceContainer } from './namespace-container.js';
import { NamespaceContents } from './namespace-contents.js';
import { DEFAULT_ACCOUNT, rootCertificate } from './namespace-things.js';

/** What a cluster does for objects in general: owners, namespaces and definitions that come and go, Events that grow old. */
export class Lifecycle {
  private workers: { stop(): Promise<void> }[] = [];
  private publisher?: NamespaceContents;

  constructor(
    private readonly store: ObjectStore,
    private readonly kinds: KindTable,
    private readonly writer: ObjectWriter,
    private readonly remover: ObjectRemover,
    private readonly now: () => Date,
  ) {}

  /** Looks at everything stored once, then follows changes. Resolves when each namespace has what it must have. */
  async start(): Promise<void> {
    const { store, kinds, writer, remover, now } = this;
    const kind = kinds.get(serviceAccount.served.type);
    const accounts = new NamespaceContents(store, writer, kind, DEFAULT_ACCOUNT, report);
    this.workers = [
      accounts,
      new GarbageCollector(store, kinds, remover, report),
      new ContainerCleaner(store, kinds, remover, namespaceContainer(store), report),
      new ContainerCleaner(store, kinds, remover, definitionContainer(store), report),
      new EventExpiry(store, kinds, remover, now, report),
    ];
    await accounts.provided();
  }

  /** Tells the clients of each namespace which authority vouches for this server, in place of an earlier one. */
  async publish(certificate: string): Promise<void> {
    const { store, kinds, writer } = this;
    const before = this.publisher;
    const kind = kinds.get(configMap.served.type);
    this.publisher = new NamespaceContents(store, writer, kind, rootCertificate(certificate), report);
    this.workers = [...this.workers.filter((worker) => worker !== before), this.publisher];
    await before?.stop();
    await this.publisher.provided();
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}

/** Losing a race is normal: the winning write brings the object up again. */
function report(name: string, error: unknown): void {
  if (StatusError.is(error, 'NotFound', 'Conflict')) return;
  process.emitWarning(`cannot look after ${name}: ${errorText(error)}`, 'EmbeddedApiServerWarning');
}
