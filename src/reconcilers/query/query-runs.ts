import { setTimeout as pause } from 'node:timers/promises';
import { ArkError, errorText, type ReconcileContext, type TokenUsage } from '../../kit/index.js';
import { Query } from '../../resources/query/query.resource.js';
import { QueryAnswer, type StoredEnding } from './query-answer.js';
import { type ClaimedQuery, releaseClaim } from './query-claim.js';
import type { QueryDispatcher } from './query-dispatcher.js';
import { report } from './query-events.js';
import { isTerminal } from './query-outcome.js';
import { RemoteTask } from './remote-task.js';
import { storeEnding, unstorable } from './store-ending.js';

/** Claims that could not be given back after so long are left for others to find. */
const SHUTDOWN_LIMIT_MS = 2_000;
const RELEASE_TRIES = 5;
const RELEASE_PAUSE_MS = 50;

/** The Queries this process works on, by uid, from their claim until their end is stored and seen. */
export class QueryRuns {
  private readonly running = new Map<string, QueryAnswer>();
  /** Endings that the server would not take, by uid, until the cache shows one. */
  private readonly refused = new Map<string, StoredEnding>();
  /** The last attempt begun here, by uid, until the cache shows its end. */
  private readonly begun = new Map<string, number>();
  private listening = false;
  private onIdle: () => void = () => undefined;

  constructor(
    private readonly dispatcher: QueryDispatcher,
    private readonly onStored: (query: Query, now: Date) => void,
  ) {}

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
    this.refused.delete(uid);
  }

  /** How a Query ended here, where the server would not take that when it was told. */
  unstored(uid: string): StoredEnding | undefined {
    return this.refused.get(uid);
  }

  /** Works on the Query in the background until its end is stored, then calls `done`. Never fails. */
  start(query: ClaimedQuery, context: ReconcileContext, done: () => void): void {
    const uid = query.metadata.uid ?? '';
    const task = new RemoteTask(query, context);
    const answer = new QueryAnswer(query, this.dispatcher, context.now(), task.heard);
    this.running.set(uid, answer);
    this.begun.set(uid, query.status.claim.attempt);
    this.stopWith(context.signal);
    context.event(query, { type: 'Normal', reason: 'QueryExecutionStart', message: 'Query execution started' });
    void this.finish(query, answer, task, context).finally(() => {
      this.running.delete(uid);
      done();
      if (this.running.size === 0) this.onIdle();
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
    this.refused.delete(uid);
  }

  /** Resolves when no work is left, or after so long as a shutdown may wait. */
  async stopped(): Promise<void> {
    if (this.running.size === 0) return;
    const limit = new AbortController();
    const idle = new Promise<void>((resolve) => {
      this.onIdle = resolve;
    });
    await Promise.race([idle, pause(SHUTDOWN_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => undefined)]);
    limit.abort();
  }

  /** At shutdown all work stops and every claim is given back: the next holder takes over. */
  private stopWith(signal: AbortSignal): void {
    const abandonAll = () => {
      for (const answer of this.running.values()) answer.abandon();
    };
    if (signal.aborted) abandonAll();
    else if (!this.listening) signal.addEventListener('abort', abandonAll, { once: true });
    this.listening = true;
  }

  private async release(
    query: ClaimedQuery,
    task: RemoteTask,
    context: ReconcileContext,
    spent?: TokenUsage,
    tries = RELEASE_TRIES,
  ): Promise<void> {
    const current = context.get(Query, query.metadata);
    const latest = current?.status?.claim?.id === query.status.claim.id ? (current as ClaimedQuery) : query;
    if (isTerminal(latest)) return;
    try {
      await releaseClaim(task.in(latest), context, spent);
    } catch (error) {
      if (tries > 1 && error instanceof ArkError && error.family === 'Conflict') {
        // The copy in memory is behind: it soon is not.
        await pause(RELEASE_PAUSE_MS);
        return this.release(query, task, context, spent, tries - 1);
      }
      // Then it is taken for a crash, and taken over all the same.
      context.logger.debug({ query: query.metadata.name }, `The claim was not given back: ${errorText(error)}`);
    }
  }

  private async finish(
    query: ClaimedQuery,
    answer: QueryAnswer,
    task: RemoteTask,
    context: ReconcileContext,
  ): Promise<void> {
    const facts = { query: `${query.metadata.namespace}/${query.metadata.name}`, claim: query.status.claim.id };
    try {
      const ending = await answer.ending;
      await task.stop();
      if (ending.kind === 'abandoned') {
        if (context.signal.aborted) await this.release(query, task, context, ending.spent);
        return;
      }
      if (ending.kind === 'failed' && !(ending.error instanceof ArkError)) {
        context.logger.error({ ...facts, err: ending.error }, 'A bug: the dispatch of a Query failed unexpectedly');
      }
      const stored = await storeEnding(query, ending, context);
      if (!stored) return;
      report(stored, context);
      this.onStored(stored, context.now());
    } catch (error) {
      context.logger.error({ ...facts, err: error }, `The end of a Query could not be stored: ${errorText(error)}`);
      this.refused.set(query.metadata.uid ?? '', unstorable(error));
      context.wake(query.metadata);
    }
  }
}
