import { Injectable } from '@nestjs/common';
import { EngineEndpoints } from '../engine-host/engine-endpoints.js';
import { ArkError, addUsage, errorText, type Span, type TokenUsage } from '../kit/index.js';
import { BugReports } from '../machinery/observability/bug-reports.js';
import { Tracing } from '../machinery/observability/tracing/tracing.js';
import { type QueryAttempt, QueryDispatcher, type QueryOutcome } from '../reconcilers/query/query-dispatcher.js';
import type { Query } from '../resources/query/query.resource.js';
import { deadlineOf } from '../resources/query/query-deadline.js';
import { renderedInput } from '../resources/query/query-input.js';
import type { QueryTarget } from '../resources/shared/reference.js';
import { ConversationLog } from '../runtime/conversation/conversation-log.js';
import { Floor } from '../runtime/delegation/floor.js';
import { Objects } from '../runtime/objects.js';
import { subjectOf, traceParentOf } from '../runtime/query-subject.js';
import { resolveTargets } from '../runtime/targets.js';
import { answeredBefore, stillAsking } from './answered-before.js';
import { failedOutcome, outcomeOf } from './answers.js';
import { AttemptStream, AttemptStreams } from './attempt-stream.js';
import { EngineChoice } from './engine-choice.js';
import { ForeignEngines } from './foreign-engines.js';
import { GivenAnswers } from './given-answers.js';
import { HostedAgents } from './hosted/hosted-agents.js';
import { askOwnEngine } from './own-engine.js';
import { type Ids, RemoteTasks } from './remote-tasks.js';
import { SpendingElsewhere } from './spending-elsewhere.js';
import { keepSpoken } from './spoken-messages.js';
import type { TargetCall } from './target-call.js';

/** Brings Queries to engines, of this process or foreign ones, and their answers back. */
@Injectable()
export class Dispatcher extends QueryDispatcher {
  constructor(
    private readonly objects: Objects,
    private readonly choice: EngineChoice,
    private readonly endpoints: EngineEndpoints,
    private readonly foreign: ForeignEngines,
    private readonly hosted: HostedAgents,
    private readonly streams: AttemptStreams,
    private readonly tasks: RemoteTasks,
    private readonly answers: GivenAnswers,
    private readonly conversations: ConversationLog,
    private readonly spending: SpendingElsewhere,
    private readonly bugs: BugReports,
    private readonly tracing: Tracing,
  ) {
    super();
  }

  dispatch(query: Query, attempt: QueryAttempt, signal: AbortSignal): Promise<QueryOutcome[]> {
    const subject = { ...subjectOf(query), parent: traceParentOf(query), apart: true };
    const attributes = { 'openinference.span.kind': 'CHAIN', 'ark.query.attempt': attempt.number };
    const dispatched = async (span: Span) => {
      const outcomes = await this.attempt(query, attempt, signal);
      // What failed is told in an answer, which a span must not quote.
      if (outcomes.some(({ phase }) => phase === 'error')) span.set({ 'error.type': 'QueryErrored' });
      return outcomes;
    };
    return this.tracing.about(subject, () =>
      this.tracing.span(`query.${query.metadata.name}.dispatch`, dispatched, attributes),
    );
  }

  private async attempt(query: Query, attempt: QueryAttempt, signal: AbortSignal): Promise<QueryOutcome[]> {
    const deadline = deadlineOf(query);
    const stream = this.streams.begin(query);
    try {
      const objects = await this.objects.seenBy(query);
      const targets = await resolveTargets(query, objects);
      const conversation = await this.conversations.open(query);
      const text = await this.input(query, objects);
      const before = answeredBefore(query, targets);
      const ids = await this.tasks.idsFor(query, attempt, targets.length);
      const outcomes = await Promise.all(
        targets.map(async (target, i) => {
          if (before[i]) return before[i];
          const { onUsage } = attempt;
          return this.ask({ query, signal, deadline, ...(ids[i] as Ids), target, onUsage }, text, stream);
        }),
      );
      if (!isTimeout(signal.reason)) signal.throwIfAborted();
      // Whoever hears the end may ask on at once: the conversation must know this turn by then.
      const kept = text instanceof ArkError ? outcomes : await keepSpoken(conversation, query, text, outcomes);
      stream.complete(kept);
      return kept;
    } catch (error) {
      stream.fail(errorText(error));
      throw error;
    } finally {
      stream.end();
    }
  }

  /** The user's words, or the error that takes their place. */
  private async input(query: Query, objects: Objects): Promise<string | ArkError> {
    try {
      return await renderedInput(query, objects);
    } catch (error) {
      if (error instanceof ArkError) return error;
      throw error;
    }
  }

  private async ask(
    call: Omit<TargetCall, 'text' | 'onText' | 'conversationId'>,
    text: string | ArkError,
    stream: AttemptStream,
  ): Promise<QueryOutcome> {
    const { target, query, signal } = call;
    const floor = new Floor(signal);
    let tokenUsage: TokenUsage | undefined;
    try {
      if (text instanceof ArkError) throw text;
      const conversationId = query.spec.conversationId ?? query.status?.conversationId;
      const voice = stream.voice(target);
      const outcome = await this.answer({
        ...call,
        text,
        conversationId,
        floor,
        onText: voice.say,
        onTool: voice.tool,
        onNote: voice.note,
        onUsage: (usage) => {
          tokenUsage = addUsage(tokenUsage, usage);
          call.onUsage?.(usage);
        },
      });
      // A run that pauses is told again as a whole when it goes on; meanwhile this is what it has spent.
      return outcome.phase === 'input-required' && tokenUsage ? { ...outcome, tokenUsage } : outcome;
    } catch (error) {
      const cause = signal.aborted ? (signal.reason as unknown) : error;
      // Whoever ended the attempt knows why, in whatever words; only the time-out is an answer.
      if (signal.aborted && !isTimeout(cause)) throw cause;
      const waitedFor = signal.aborted ? floor.waitedFor : '';
      const failed = failedOutcome(target, this.failureText(cause, query, target) + waitedFor);
      return tokenUsage ? { ...failed, tokenUsage } : failed;
    }
  }

  private async answer(call: TargetCall): Promise<QueryOutcome> {
    const engine = await this.choice.choose(call.target, call.query.metadata.namespace ?? '');
    if ('hosted' in engine) return this.spending.counted(await this.hosted.ask(engine.hosted, call), call.query);
    if ('own' in engine) return outcomeOf(call.target, await askOwnEngine(this.endpoints.of(engine.own), call));
    const asking = stillAsking(call.query, call.target);
    const taskId = asking?.a2a?.taskId;
    const reply = taskId && (await this.answers.take(call.query, taskId));
    if (asking && reply === 'open') return asking;
    const going = reply && reply !== 'open' ? { ...call, resumeTaskId: taskId, reply } : call;
    const answer = await this.foreign.ask(engine.name, engine.address, going, engine.sent);
    return this.spending.counted(outcomeOf(call.target, answer), call.query);
  }

  /** A2A errors were made for showing; anything else unknown is a bug, and its text stays in the log. */
  private failureText(error: unknown, { metadata }: Query, target: QueryTarget): string {
    if (error instanceof ArkError || isA2aError(error)) return errorText(error);
    this.bugs.report(error, { query: `${metadata.namespace}/${metadata.name}`, target: target.name });
    return 'internal error: the log of this process says why';
  }
}

const isTimeout = (error: unknown): boolean => error instanceof ArkError && error.family === 'Timeout';

const isA2aError = (error: unknown): boolean =>
  error instanceof Error && typeof (error as { toErrorInfo?: unknown }).toErrorInfo === 'function';
