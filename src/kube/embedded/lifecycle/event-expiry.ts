import type { UntypedObject } from '../../../kit/resource/object.js';
import type { KindTable } from '../kinds/kind-table.js';
import type { ObjectStore } from '../store/object-store.js';
import type { ObjectRemover } from '../writing/object-remover.js';

/** The default of a real API server's `--event-ttl`. */
const EVENT_TTL_MS = 60 * 60 * 1000;
const SWEEP_EVERY_MS = 60_000;
const RESOURCE = '/events';

/** Events are news, not records: each goes an hour after it last happened. */
export class EventExpiry {
  private readonly timer: NodeJS.Timeout;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: ObjectStore,
    private readonly kinds: KindTable,
    private readonly remover: ObjectRemover,
    private readonly now: () => Date,
    private readonly onError: (name: string, error: unknown) => void,
  ) {
    this.timer = setInterval(() => this.begin(), SWEEP_EVERY_MS).unref();
    this.begin();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Deletes what is too old. One sweep at a time. */
  async sweep(): Promise<void> {
    const kind = this.kinds.ofResource(RESOURCE);
    const oldest = this.now().getTime() - EVENT_TTL_MS;
    const expired = [...this.store.collection(RESOURCE).values()].filter(({ object }) => lastSeen(object) < oldest);
    if (!kind) return;
    const removals = expired.map(async ({ object }) => {
      try {
        await this.remover.remove(kind, object.metadata);
      } catch (error) {
        this.onError(`event ${object.metadata.name}`, error);
      }
    });
    await Promise.all(removals);
  }

  private begin(): void {
    this.sweeping = this.sweeping.then(() => this.sweep());
  }
}

/** The newest of the times an Event carries; a repeat counts as new. */
function lastSeen({ metadata, ...event }: UntypedObject): number {
  const series = event.series as { lastObservedTime?: string } | undefined;
  const times = [metadata.creationTimestamp, event.lastTimestamp, series?.lastObservedTime];
  return Math.max(...times.map((time) => (typeof time === 'string' ? Date.parse(time) : 0)));
}
