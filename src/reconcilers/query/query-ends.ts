import type { Counter, Histogram, Metrics } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { isTerminal } from './query-outcome.js';

/** How Queries end here, and how long they take. */
export class QueryEnds {
  private readonly ended: Counter;
  private readonly duration: Histogram;

  constructor(metrics: Metrics) {
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

  /** A Query with its end; one that waits for a person has not ended. */
  count(query: Query, now: Date): void {
    const { metadata, status } = query;
    const outcome = status?.phase;
    if (!outcome || !isTerminal(query)) return;
    this.ended.add({ namespace: metadata.namespace ?? '', outcome });
    const since = status?.claim?.since;
    if (since !== undefined) this.duration.observe((now.getTime() - Date.parse(since)) / 1000, { outcome });
  }
}
