import { randomUUID } from 'node:crypto';
import { TaskNotCancelableError, TaskNotFoundError, UnsupportedOperationError } from '@a2a-js/sdk/errors';
import { Injectable } from '@nestjs/common';
import { ArkError, invalid, Metrics, resourceType } from '../../../kit/index.js';
import { CallersServer } from '../../../machinery/http/callers-server.js';
import { RequestScope } from '../../../machinery/http/request-scope.js';
import { RequestsUnderWay } from '../../../machinery/http/requests-under-way.js';
import { BugReports } from '../../../machinery/observability/bug-reports.js';
import { Tracing } from '../../../machinery/observability/tracing/tracing.js';
import { Settings } from '../../../machinery/settings/settings.js';
import { type Ending, QueryAnswer, type StoredEnding } from '../../../reconcilers/query/query-answer.js';
import type { ClaimedQuery } from '../../../reconcilers/query/query-claim.js';
import { QueryDispatcher, type QueryOutcome } from '../../../reconcilers/query/query-dispatcher.js';
import { QueryEnds } from '../../../reconcilers/query/query-ends.js';
import { endedStatus, wholeAnswers } from '../../../reconcilers/query/query-outcome.js';
import { QuerySlots } from '../../../reconcilers/query/query-slots.js';
import { ASKED_BY } from '../../../resources/labels.js';
import { Query } from '../../../resources/query/query.resource.js';
import { PassingQueries, passingUid } from '../../../runtime/passing/passing-queries.js';
import { withTrace } from '../../../runtime/query-subject.js';
import { chunkJson } from '../../../runtime/streams/chunk.js';
import { ChunkStreams } from '../../../runtime/streams/chunk-streams.js';
import type { ServedAgent } from '../../agents/served-agent.js';
import { asks, GatewayTasks } from '../gateway-tasks.js';
import { attemptOf, isTerminal, phaseOf } from '../query-task.js';
import { PassingRun } from './passing-run.js';
import { PassingRuns } from './passing-runs.js';

/**
 * Tasks that no API server knows: this process works on them itself and forgets them some time after their end. What
 * holds for Queries while they run holds for them: slots, time-out, cancellation, the tool gate, conversations.
 */
@Injectable()
export class PassingTasks extends GatewayTasks {
  readonly lasting = false;
  private readonly runs = new PassingRuns();
  private readonly slots: QuerySlots;
  private readonly ends: QueryEnds;

  constructor(
    private readonly dispatcher: QueryDispatcher,
    private readonly queries: PassingQueries,
    private readonly streams: ChunkStreams,
    private readonly callers: CallersServer,
    private readonly scope: RequestScope,
    private readonly tracing: Tracing,
    private readonly bugs: BugReports,
    requests: RequestsUnderWay,
    metrics: Metrics,
    settings: Settings,
  ) {
    super();
    this.slots = new QuerySlots(settings.maxConcurrentQueries);
    const one = (value: number) => [{ value }];
    const running = { name: 'ark_gateway_tasks_running', help: 'Tasks without a Query that this process works on.' };
    metrics.gauge(running, () => one(this.slots.inUse));
    const waiting = { name: 'ark_gateway_tasks_waiting', help: 'Tasks without a Query that wait for a free slot.' };
    metrics.gauge(waiting, () => one(this.slots.waits().length));
    this.ends = new QueryEnds(metrics);
    requests.callOff(() => this.cancelAll());
  }

  async begin(asked: Query): Promise<Query> {
    // Where callers act in their own name, the cluster says whether they might make the Query.
    await this.callers.narrowed()?.create<Query>(resourceType(Query), asked, { dryRun: true });
    const uid = passingUid();
    const traced = withTrace(asked, this.tracing.headers());
    const metadata = { ...traced.metadata, uid, creationTimestamp: new Date().toISOString() };
    // A conversation named after its first Query is known to have nothing before it.
    const spec = { ...traced.spec, conversationId: asked.spec.conversationId ?? uid };
    const run = new PassingRun({ ...traced, metadata, spec, status: { phase: 'pending' } });
    this.runs.add(run);
    this.start(run);
    return run.query;
  }

  async find(agent: ServedAgent, id: string): Promise<Query> {
    const query = this.runs.get({ namespace: agent.namespace, name: id })?.query;
    if (query && asks(agent, query) && this.isSeen(query)) return query;
    throw new TaskNotFoundError(`task '${id}' does not exist, or has ended a while ago`);
  }

  async list(agent: ServedAgent): Promise<Query[]> {
    const queries = [...this.runs.all()].map(({ query }) => query);
    return queries.filter(
      (query) => query.metadata.namespace === agent.namespace && asks(agent, query) && this.isSeen(query),
    );
  }

  /** The cluster knows no rights to these tasks: callers in their own name see their own ones. */
  private isSeen({ metadata }: Query): boolean {
    return !this.callers.narrowed() || metadata.annotations?.[ASKED_BY] === this.scope.caller()?.name;
  }

  async settled(query: Query, signal: AbortSignal): Promise<Query | undefined> {
    const run = this.runs.get(query.metadata);
    if (!run) return undefined;
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    if (signal.aborted) leave();
    signal.addEventListener('abort', () => leave(), { once: true });
    await Promise.race([run.settled, left]);
    return signal.aborted ? undefined : run.query;
  }

  /** Nothing is ever cut here. */
  async whole(query: Query): Promise<Query> {
    return query;
  }

  async *stream({ metadata }: Query, signal: AbortSignal): AsyncGenerator<{ data: string }> {
    for await (const chunk of this.streams.read(metadata.uid ?? '', 0, signal)) yield { data: chunkJson(chunk) };
  }

  async answer(query: Query, text: string): Promise<Query> {
    const run = this.runs.get(query.metadata);
    if (!run || phaseOf(run.query) !== 'input-required') {
      throw new UnsupportedOperationError(`task '${query.metadata.name}' has been answered and goes on`);
    }
    run.resume({ ...run.query, spec: { ...run.query.spec, input: text } });
    this.runs.add(run);
    this.start(run);
    return run.query;
  }

  async watch({ metadata }: Query): Promise<void> {
    throw new UnsupportedOperationError(`nobody can be told of task '${metadata.name}': it ends with this process`);
  }

  async cancel(query: Query): Promise<Query> {
    const run = this.runs.get(query.metadata);
    if (!run || isTerminal(run.query)) {
      throw new TaskNotCancelableError(`task '${query.metadata.name}' has ended already`);
    }
    if (run.work) run.work.cancel();
    else this.end(run, { kind: 'canceled' });
    await run.settled;
    return run.query;
  }

  private cancelAll(): void {
    for (const { work, query } of this.runs.all()) if (!isTerminal(query)) work?.cancel();
  }

  /** Takes a slot, now or when one becomes free. */
  private start(run: PassingRun): void {
    const { uid = '', namespace = '' } = run.query.metadata;
    this.streams.open(uid);
    const waits = this.slots.take(uid, namespace, new Date(), () => this.work(run));
    if (waits === undefined) this.work(run);
  }

  private work(run: PassingRun): void {
    const now = new Date();
    const { query } = run;
    const claim = { id: randomUUID(), holder: 'gateway', attempt: attemptOf(query) + 1, since: now.toISOString() };
    const claimed: ClaimedQuery = { ...query, status: { ...query.status, phase: 'running', claim } };
    run.query = claimed;
    this.queries.put(claimed);
    run.work = new QueryAnswer(claimed, this.dispatcher, now);
    void run.work.ending.then((ending) => this.end(run, ending));
  }

  private end(run: PassingRun, ending: Ending): void {
    const { query } = run;
    const { uid = '', namespace = '' } = query.metadata;
    const now = new Date();
    const status = endedStatus(query, this.told(query, ending), now, wholeAnswers);
    this.queries.remove(query.metadata);
    this.slots.release(uid, namespace);
    this.streams.end(uid);
    run.end({ ...query, status });
    this.runs.rests(run, now.getTime());
    // Who waits for the answer need not wait for the books.
    setImmediate(() => this.ends.count(run.query, now));
  }

  /** What only an object could wait for is a failure here. */
  private told(query: Query, ending: Ending): StoredEnding {
    if (ending.kind === 'abandoned') return { kind: 'canceled' };
    const { name: task } = query.metadata;
    if (ending.kind === 'failed' && !(ending.error instanceof ArkError)) this.bugs.report(ending.error, { task });
    if (ending.kind !== 'answered') return ending;
    const asking = ending.outcomes.find((outcome) => outcome.phase === 'input-required' && !canGoOn(outcome));
    if (!asking) return ending;
    const why = 'it waits for an answer, and nothing keeps it until there is one (ARK_GATEWAY_PERSIST=never)';
    return { kind: 'failed', error: invalid(`${why}: ${asking.content}`) };
  }
}

/** Only a task of another server waits by itself; a question of this process's own tools is an A2ATask of a Query. */
const canGoOn = ({ task, a2a }: QueryOutcome): boolean => task === undefined && a2a?.taskId !== undefined;
