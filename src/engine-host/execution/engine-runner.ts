import type { Message as A2aMessage, SendMessageRequest } from '@a2a-js/sdk';
import { Injectable } from '@nestjs/common';
import {
  addUsage,
  canceled,
  type EngineEvent,
  type InstalledEngine,
  type Logger,
  type TokenUsage,
  timeout,
} from '../../kit/index.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { PersonNeeded } from '../../runtime/approval/person-needed.js';
import { ResumableRuns } from '../../runtime/approval/resumable-runs.js';
import { RunBudget } from '../../runtime/budgets/run-budget.js';
import { Floor } from '../../runtime/delegation/floor.js';
import type { Speaker, Turn } from '../../runtime/delegation/participant.js';
import type { RunScope } from '../../runtime/delegation/run-scope.js';
import { subjectOf } from '../../runtime/query-subject.js';
import { textOf } from '../a2a-parts.js';
import { type QueryRef, readQueryRef } from '../query-extension.js';
import { RequestResolver, type Resolved } from '../resolve/request-resolver.js';
import type { RunAnswer } from './engine-answer.js';
import type { EngineCall } from './engine-call.js';
import { EngineRuns } from './engine-runs.js';
import { Participants } from './participants.js';
import { TeamAnswer } from './team-answer.js';

/** Node's timers hold at most this many milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Answers one A2A message with one engine: resolves the Query it points at, runs the engine, gathers what it says. */
@Injectable()
export class EngineRunner {
  private readonly loggers = new Map<string, Logger>();

  constructor(
    private readonly resolver: RequestResolver,
    private readonly runs: EngineRuns,
    private readonly participants: Participants,
    private readonly resumable: ResumableRuns,
    private readonly logger: RootLogger,
    private readonly tracing: Tracing,
  ) {}

  /** The Query that a message points at. Throws `Invalid` when it points at none. */
  refOf(request: SendMessageRequest): QueryRef {
    return readQueryRef(request.message?.metadata, request.metadata);
  }

  /**
   * @throws what the engine threw; `Timeout` at the deadline, `Canceled` when the caller gave up, `PersonNeeded` when
   *   the run has to wait for a person
   */
  async run(
    installed: InstalledEngine,
    request: SendMessageRequest,
    call: EngineCall,
    ref = this.refOf(request),
  ): Promise<RunAnswer> {
    const message = request.message as A2aMessage;
    const resolved = await this.resolver.resolve(installed, {
      ref,
      text: textOf(message.parts),
      contextId: call.newConversation ? '' : message.contextId,
    });
    return this.tracing.about(subjectOf(resolved.query), () => this.answer(installed, resolved, call));
  }

  private async answer(installed: InstalledEngine, resolved: Resolved, call: EngineCall): Promise<RunAnswer> {
    const { request: execution, query } = resolved;
    const deadline = call.deadline ?? resolved.deadline;
    const logger = this.loggerOf(installed);
    const spent: TokenUsage[] = [];
    const stop = (reason: unknown) => limit.stop(reason);
    const { target } = execution;
    const part = `${target.type}/${target.name}`;
    const paused = await this.resumable.open(query, { part, again: call.again, taskId: call.taskId, stop });
    const floor = call.floor ?? new Floor(call.signal);
    const limit = new Limit(call, deadline, floor);
    const scope: RunScope = {
      ...paused,
      ...{ query, deadline, logger, path: [] },
      signal: limit.signal,
      idempotencyKey: call.idempotencyKey ?? execution.query.uid,
      budget: new RunBudget(),
      floor,
      onUsage: (usage) => {
        spent.push(usage);
        call.onUsage?.(usage);
      },
      ask: (who, turn, inner) => this.participants.ask(who, turn, inner),
    };
    try {
      const heard = (event: EngineEvent, speaker?: Speaker) => {
        limit.check();
        tell(call, event, speaker);
      };
      const heardAnew = (event: EngineEvent) => {
        if (!paused.journal.isRepeating) heard(event);
      };
      const answer =
        execution.target.type === 'team'
          ? await this.team(resolved, scope, heard)
          : await this.runs.run(installed, resolved, scope, heardAnew);
      // A team may take the end of one member for that member's failure.
      limit.signal.throwIfAborted();
      // Every agent that worked on it counts, not only the one that gave the answer.
      answer.usage = spent.reduce<TokenUsage | undefined>(addUsage, undefined);
      return answer;
    } catch (error) {
      const { reason } = limit.signal as { reason: unknown };
      if (!(reason instanceof PersonNeeded)) throw error;
      reason.conversationId = execution.conversationId;
      throw reason;
    } finally {
      limit.release();
    }
  }

  private loggerOf({ options: { name } }: InstalledEngine): Logger {
    const known = this.loggers.get(name) ?? this.logger.child({ engine: name });
    this.loggers.set(name, known);
    return known;
  }

  /** A team has no engine: its members have. */
  private async team({ request }: Resolved, scope: RunScope, onEvent: Turn['onEvent']): Promise<RunAnswer> {
    const { target, userInput, history, conversationId } = request;
    const turn: Turn = { input: userInput.content, history, transcript: [], conversationId, onEvent };
    const said = await this.participants.ask({ type: 'team', name: target.name }, turn, scope);
    return new TeamAnswer(said, conversationId);
  }
}

/** Tells the caller what is heard by others than the engine. */
function tell(call: EngineCall, event: EngineEvent, speaker?: Speaker): void {
  if (event.type === 'text' && event.text) call.onText?.(event.text, speaker);
  else if (event.type === 'tool-call' || event.type === 'tool-result') call.onTool?.(event, speaker);
  else if (event.type === 'message' && event.message.role === 'system' && speaker) {
    call.onNote?.(event.message.content, speaker);
  }
}

/**
 * One signal for two ends of patience: the caller's and the clock's. A caller that names a deadline keeps the clock and
 * aborts its own signal.
 */
class Limit {
  private readonly caller: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timer?: NodeJS.Timeout;
  private readonly onAbort = () => this.controller.abort(reasonOf(this.caller));

  constructor(
    { signal, deadline: callers }: EngineCall,
    private readonly deadline: Date,
    private readonly floor: Floor,
  ) {
    this.caller = signal;
    if (signal.aborted) this.onAbort();
    signal.addEventListener('abort', this.onAbort, { once: true });
    const wait = Math.min(Math.max(0, deadline.getTime() - Date.now()), LONGEST_TIMER);
    if (callers === undefined) this.timer = setTimeout(() => this.expire(), wait);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Looks at the clock itself: an engine may be done before any timer had its turn. */
  check(): void {
    if (Date.now() >= this.deadline.getTime()) this.expire();
  }

  stop(reason: unknown): void {
    this.controller.abort(reason);
  }

  release(): void {
    clearTimeout(this.timer);
    this.caller.removeEventListener('abort', this.onAbort);
  }

  private expire(): void {
    this.controller.abort(timeout(`context deadline exceeded${this.floor.waitedFor}`));
  }
}

const reasonOf = (signal: AbortSignal): unknown =>
  signal.reason instanceof DOMException ? canceled('the caller gave up waiting') : signal.reason;
