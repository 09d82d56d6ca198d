import type { Metrics } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { QueryEnds } from './query-ends.js';
import type { QuerySlots } from './query-slots.js';

/** How many Queries wait and run here, how they end and how long that takes. */
export class QueryMetrics {
  private readonly ends: QueryEnds;

  constructor(metrics: Metrics, slots: QuerySlots) {
    const one = (value: number) => [{ value }];
    metrics.gauge({ name: 'ark_queries_running', help: 'Queries this process works on.' }, () => one(slots.inUse));
    metrics.gauge({ name: 'ark_queries_waiting', help: 'Queries that wait for a free slot.' }, () =>
      one(slots.waits().length),
    );
    metrics.gauge({ name: 'ark_query_oldest_waiting_seconds', help: 'How long the first of them has waited.' }, () =>
      one(Math.max(0, ...slots.waits().map((since) => Date.now() - since.getTime())) / 1000),
    );
    this.ends = new QueryEnds(metrics);
  }

  /** A Query whose end was stored. */
  stored(query: Query, now: Date): void {
    this.ends.count(query, now);
  }
}
