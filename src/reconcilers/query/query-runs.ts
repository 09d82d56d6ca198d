import { ArkError, errorText, type ReconcileContext } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { QueryAnswer } from './query-answer.js';
import type { ClaimedQuery } from './query-claim.js';
import type { QueryDispatcher } from './query-dispatcher.js';
import { report } from './query-events.js';
import { storeEnding } from './store-ending.js';

/** The Queries this process works on, by uid, from their claim until their end is stored and seen. */
export class QueryRuns {
  private readonly running = new Map<string, QueryAnswer>();
  /** The last attempt begun here, by uid, until the cache shows its end. */
  private readonly begun = new Map<string, number>();
  private listening = false;

  constructor(private readonly dispatcher: QueryDispatcher) {}

  get size(): number {
    return this.running.size;
  }

  isRunning(uid: string): boolean {
    return this.running.has(uid);
  }

  /** Whether what the cache shows is older than what this process has done. */
  isStale(query: Query): boolean {
    const attempt = this.begun.get(query.metadata.uid ?? '');
    return attempt !== undefined && (query.status?.claim?.attempt ?? 0) <= attempt;
  }

  /** The cache shows the end: nothing need be remembered. */
  seen(uid: string): void {
    this.begun.delete(uid);
  }

  /** Works on the Query in the background until its end is stored, then calls `done`. Never fails. */
  start(query: ClaimedQuery, context: ReconcileContext, done: () => void): void {
    const uid = query.metadata.uid ?? '';
    const answer = new QueryAnswer(query, this.dispatcher, context.now());
    this.running.set(uid, answer);
    this.begun.set(uid, query.status.claim.attempt);
    this.stopWith(context.signal);
    context.event(query, { type: 'Normal', reason: 'QueryExecutionStart', message: 'Query execution started' });
    void this.finish(query, answer, context).finally(() => {
      this.running.delete(uid);
      done();
    });
  }

  cancel(uid: string): void {
    this.running.get(uid)?.cancel();
  }

  /** Stops the work without a word in the status: the end stands there already. */
  abandon(uid: string): void {
    this.running.get(uid)?.abandon();
  }

  /** Forgets a Query that is gone; what still works on it is stopped. */
  forget(uid: string): void {
    this.running.get(uid)?.cancel();
    this.begun.delete(uid);
  }

  /** At shutdown all work stops without a word in any status: the next holder takes over. */
  private stopWith(signal: AbortSignal): void {
    const abandonAll = () => {
      for (const answer of this.running.values()) answer.abandon();
    };
    if (signal.aborted) abandonAll();
    else if (!this.listening) signal.addEventListener('abort', abandonAll, { once: true });
    this.listening = true;
  }

  private async finish(query: ClaimedQuery, answer: QueryAnswer, context: ReconcileContext): Promise<void> {
    const facts = { query: `${query.metadata.namespace}/${query.metadata.name}`, claim: query.status.claim.id };
    try {
      const ending = await answer.ending;
      if (ending.kind === 'abandoned') return;
      if (ending.kind === 'failed' && !(ending.error instanceof ArkError)) {
        context.logger.error({ ...facts, err: ending.error }, 'A bug: the dispatch of a Query failed unexpectedly');
      }
      const stored = await storeEnding(query, ending, context);
      if (stored) report(stored, context);
    } catch (error) {
      context.logger.error({ ...facts, err: error }, `The end of a Query could not be stored: ${errorText(error)}`);
      context.wake(query.metadata);
    }
  }
}
