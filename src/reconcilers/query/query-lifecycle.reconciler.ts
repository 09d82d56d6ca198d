import {
  follows,
  Metrics,
  Next,
  type ObjectKey,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
} from '../../kit/index.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { Query } from '../../resources/query/query.resource.js';
import { ClaimHolders } from '../claim-holders.js';
import { ReconcilerSettings } from '../reconciler-settings.js';
import { afterQuestions, awaitedTasks, countDenials } from './after-questions.js';
import { HolderWatch } from './holder-watch.js';
import type { StoredEnding } from './query-answer.js';
import { type ClaimedQuery, claim, lostHolders, markQueued } from './query-claim.js';
import { QueryDispatcher } from './query-dispatcher.js';
import { report, reportRefusedClaim } from './query-events.js';
import { expiresInMs } from './query-expiry.js';
import { nextStep, tooManyLost } from './query-lifecycle.checks.js';
import { QueryMetrics } from './query-metrics.js';
import { endedStatus, isTerminal } from './query-outcome.js';
import { QueryRuns } from './query-runs.js';
import { QuerySlots } from './query-slots.js';

/** A wait shorter than this is not worth a status write. */
const QUEUED_AFTER_MS = 1_000;

/**
 * Leads a Query from its creation to its end and its deletion.
 *
 * Two status writes in all: the claim, without which nobody works on it, and the end. The work itself goes on in the
 * background, so that slow answers keep no worker.
 */
@Reconciler({
  name: 'query-lifecycle',
  kind: Query,
  follows: [follows(A2ATask, awaitedTasks)],
  needs: [
    { kind: Query, subresource: 'status', verbs: ['update'] },
    // When its time to live is over.
    { kind: Query, verbs: ['delete'] },
  ],
  concurrency: 64,
})
export class QueryLifecycleReconciler implements Reconcile<Query> {
  private readonly slots: QuerySlots;
  private readonly runs: QueryRuns;
  private readonly metrics: QueryMetrics;
  private readonly watch: HolderWatch;

  constructor(
    dispatcher: QueryDispatcher,
    private readonly holders: ClaimHolders,
    settings: ReconcilerSettings,
    metrics: Metrics,
  ) {
    this.watch = new HolderWatch(holders);
    this.slots = new QuerySlots(settings.maxConcurrentQueries);
    this.metrics = new QueryMetrics(metrics, this.slots);
    this.runs = new QueryRuns(dispatcher, (stored, now) => this.metrics.stored(stored, now));
  }

  async reconcile(query: Query, context: ReconcileContext): Promise<Next> {
    const { uid = '', namespace = '' } = query.metadata;
    const { self } = this.holders;
    const running = this.runs.isRunning(uid);
    const isAlive = (holder: string) => this.holders.isAlive(holder);
    const step = nextStep(query, { self, isAlive, running, stale: this.runs.isStale(query) });
    if (isTerminal(query) || query.status?.phase === 'input-required') this.runs.seen(uid);
    const attempt = (query.status?.claim?.attempt ?? 0) + 1;
    if (step === 'adopt') return this.run(query, context, async () => query as ClaimedQuery);
    if (step === 'claim') return this.run(query, context, () => claim(query, attempt, self, context));
    if (step === 'leave' && !running && query.status?.phase === 'input-required') return this.goOn(query, context);
    if (!running) this.slots.release(uid, namespace);
    if (isTerminal(query)) this.runs.abandon(uid);
    if (step === 'expire') return this.expire(query, context);
    if (step === 'watch-holder') return this.watch.next(context);
    if (step === 'stop') this.runs.cancel(uid);
    if (step === 'mark-canceled') await this.end(query, { kind: 'canceled' }, context);
    const unstored = step === 'leave' && !running ? this.runs.unstored(uid) : undefined;
    if (unstored) await this.end(query, unstored, context);
    if (step === 'give-up') await this.end(query, { kind: 'failed', error: tooManyLost(lostHolders(query)) }, context);
    return Next.onChange();
  }

  forget(key: ObjectKey, uid: string): void {
    this.runs.forget(uid);
    if (!this.runs.isRunning(uid)) this.slots.release(uid, key.namespace ?? '');
  }

  /** For Nest's shutdown, after the controllers have stopped. */
  async onApplicationShutdown(): Promise<void> {
    await this.runs.stopped();
  }

  /** Takes a Query up again that waited for people, as soon as everything is decided. */
  private async goOn(query: Query, context: ReconcileContext): Promise<Next> {
    const next = afterQuestions(query, (key) => context.get(A2ATask, key));
    const attempt = (query.status?.claim?.attempt ?? 0) + 1;
    const take = async (denials: number) =>
      claim(await countDenials(query, denials, context), attempt, this.holders.self, context);
    if (next.step === 'resume') return this.run(query, context, () => take(next.denials));
    this.slots.release(query.metadata.uid ?? '', query.metadata.namespace ?? '');
    if (next.step === 'give-up') await this.end(query, { kind: 'failed', error: next.error }, context);
    return Next.onChange();
  }

  private async run(query: Query, context: ReconcileContext, take: () => Promise<ClaimedQuery>): Promise<Next> {
    const { uid = '', namespace = '' } = query.metadata;
    const now = context.now();
    const begun = query.status?.claim !== undefined;
    const waitsSince = this.slots.take(uid, namespace, now, () => context.wake(query.metadata), begun);
    if (waitsSince) return this.queue(query, context, now.getTime() - waitsSince.getTime());
    const release = () => this.slots.release(uid, namespace);
    try {
      const claimed = await take();
      this.runs.start(claimed, context, release);
    } catch (error) {
      release();
      reportRefusedClaim(query, error, context);
      throw error;
    }
    return Next.onChange();
  }

  private async queue(query: Query, context: ReconcileContext, waitedMs: number): Promise<Next> {
    if (waitedMs < QUEUED_AFTER_MS) return Next.after(QUEUED_AFTER_MS - waitedMs);
    // A claim that its holder left behind stays: it carries the number of the attempt.
    if (query.status?.phase !== 'running') await markQueued(query, context);
    return Next.onChange();
  }

  /** Ends a Query that nobody works on. */
  private async end(query: Query, ending: StoredEnding, context: ReconcileContext): Promise<void> {
    const stored = await context.replaceStatus(query, endedStatus(query, ending, context.now()));
    report(stored, context);
    this.metrics.stored(stored, context.now());
  }

  private async expire(query: Query, context: ReconcileContext): Promise<Next> {
    const remainingMs = expiresInMs(query, context.now());
    if (remainingMs === undefined) return Next.onChange();
    if (remainingMs > 0) return Next.after(remainingMs);
    await context.delete(query);
    return Next.onChange();
  }
}
