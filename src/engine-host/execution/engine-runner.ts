import type { Message as A2aMessage, SendMessageRequest } from '@a2a-js/sdk';
import { Injectable } from '@nestjs/common';
import { canceled, type InstalledEngine, timeout } from '../../kit/index.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { textOf } from '../a2a-parts.js';
import { readQueryRef } from '../query-extension.js';
import { RequestResolver } from '../resolve/request-resolver.js';
import { abortable } from './abortable.js';
import { EngineAnswer } from './engine-answer.js';
import type { EngineCall } from './engine-call.js';

/** Node's timers hold at most this many milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Answers one A2A message with one engine: resolves the Query it points at, runs the engine, gathers what it says. */
@Injectable()
export class EngineRunner {
  constructor(
    private readonly resolver: RequestResolver,
    private readonly logger: RootLogger,
  ) {}

  /** Throws `Invalid` when the message does not point at a Query. */
  check(request: SendMessageRequest): void {
    readQueryRef(request.message?.metadata, request.metadata);
  }

  /**
   * @throws what the engine threw; `Timeout` at the deadline, `Canceled` when the caller gave up
   */
  async run(installed: InstalledEngine, request: SendMessageRequest, call: EngineCall): Promise<EngineAnswer> {
    const message = request.message as A2aMessage;
    const ref = readQueryRef(message.metadata, request.metadata);
    const {
      request: execution,
      deadline,
      model,
    } = await this.resolver.resolve(installed, {
      ref,
      text: textOf(message.parts),
      contextId: call.newConversation ? '' : message.contextId,
    });
    const until = call.deadline ?? deadline;
    const limit = new Limit(call.signal, until);
    const answer = new EngineAnswer(execution.conversationId);
    const facts = { query: `${ref.namespace}/${ref.name}`, engine: installed.options.name };
    try {
      const context = {
        signal: limit.signal,
        deadline: until,
        logger: this.logger.child(facts),
        model,
        idempotencyKey: call.idempotencyKey ?? execution.query.uid,
      };
      for await (const event of abortable(installed.engine.execute(execution, context), limit.signal)) {
        const piece = answer.add(event);
        if (piece) call.onText?.(piece);
      }
      return answer;
    } finally {
      limit.release();
    }
  }
}

/** One signal for two ends of patience: the caller's and the clock's. */
class Limit {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = () => this.controller.abort(reasonOf(this.caller));

  constructor(
    private readonly caller: AbortSignal,
    deadline: Date,
  ) {
    if (caller.aborted) this.onAbort();
    caller.addEventListener('abort', this.onAbort, { once: true });
    const wait = Math.min(Math.max(0, deadline.getTime() - Date.now()), LONGEST_TIMER);
    this.timer = setTimeout(() => this.controller.abort(timeout('context deadline exceeded')), wait);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  release(): void {
    clearTimeout(this.timer);
    this.caller.removeEventListener('abort', this.onAbort);
  }
}

const reasonOf = (signal: AbortSignal): unknown =>
  signal.reason instanceof DOMException ? canceled('the caller gave up waiting') : signal.reason;
