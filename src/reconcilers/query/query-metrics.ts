import type { Counter, Histogram, Metrics } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { isTerminal } from './query-outcome.js';
import type { QuerySlots } from './query-slots.js';

/** How many Queries wait and run here, how they end and how long that takes. */
export class QueryMetrics {
  private readonly ended: Counter;
  private readonly duration: Histogram;

  constructor(metrics: Metrics, slots: QuerySlots) {
    const one = (value: number) => [{ value }];
    metrics.gauge({ name: 'ark_queries_running', help: 'Queries this process works on.' }, () => one(slots.inUse));
    metrics.gauge({ name: 'ark_queries_waiting', help: 'Queries that wait for a free slot.' }, () =>
      one(slots.waits().length),
    );
    metrics.gauge({ name: 'ark_query_oldest_waiting_seconds', help: 'How long the first of them has waited.' }, () =>
      one(Math.max(0, ...slots.waits().map((since) => Date.now() - since.getTime())) / 1000),
    );
    this.ended = metrics.counter({
      name: 'ark_queries_total',
      help: 'Queries that ended here, by outcome: done, error or canceled.',
      labels: ['namespace', 'outcome'],
    });
    this.duration = metrics.histogram({
      name: 'ark_query_duration_seconds',
      help: 'From the claim of a Query to its end.',
      labels: ['outcome'],
    });
  }

  /** A Query whose end was stored; one that waits for a person has not ended. */
  stored(query: Query, now: Date): void {
    const { metadata, status } = query;
    const outcome = status?.phase;
    if (!outcome || !isTerminal(query)) return;
    this.ended.add({ namespace: metadata.namespace ?? '', outcome });
    const since = status?.claim?.since;
    if (since !== undefined) this.duration.observe((now.getTime() - Date.parse(since)) / 1000, { outcome });
  }
}
