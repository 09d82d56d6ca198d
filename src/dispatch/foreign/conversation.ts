import type { Message, SendMessageRequest, Task } from '@a2a-js/sdk';
import { UnsupportedOperationError } from '@a2a-js/sdk/errors';
import { ArkError, timeout, unavailable } from '../../kit/index.js';
import { type Clock, systemClock } from '../../machinery/controller/clock.js';
import { isMessage, isSettled } from '../answers.js';
import type { EngineDoor } from './engine-door.js';
import { isHopeless, isUnknownTask } from './foreign-failure.js';
import { Looks } from './looks.js';
import { rest } from './rest.js';
import { Silence } from './silence.js';
import { StreamAnswer } from './stream-answer.js';
import type { Tidings } from './tidings.js';

const CANCEL_TIMEOUT_MS = 5_000;
const HISTORY = 100;
/** Timers of Node that are set for longer go off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A stream that says nothing for so long about a known task may have lost its end: the task is looked at instead. */
const LONGEST_SILENCE_MS = 30_000;
/** A server that sends word of a task is looked at so seldom without any: word may be lost. */
const LONGEST_TRUST_MS = 30_000;

/** What is asked, and who listens. */
export interface Exchange {
  request: SendMessageRequest;
  /** A task to follow instead of asking. */
  resumeTaskId?: string;
  /** When nobody waits any more. */
  signal: AbortSignal;
  /** How long one request may go unanswered, in milliseconds. Absent: until the signal. */
  patienceMs?: number;
  /** How long a stream may say nothing about a known task until the task is looked at. Default: 30 000. */
  silenceMs?: number;
  onText(piece: string): void;
  /** Hears of the task each time something of it is known anew. */
  onTask?(task: Task): void;
  /** How to hear of a task from a server that cannot stream. */
  tidings?: Tidings;
  /** Is around each pause after the server could not be asked about the task. `failures`: how many in a row. */
  whileAway?(absence: Absence, pause: () => Promise<void>): Promise<void>;
  /** Default: the system's. */
  clock?: Clock;
}

/** A look at a task that failed. */
export interface Absence {
  error: unknown;
  /** In a row, this one included. */
  failures: number;
}

/** One exchange with one server: ask, listen, follow the task if there is one. */
export class Conversation {
  private taskId?: string;

  constructor(
    private readonly door: EngineDoor,
    private readonly exchange: Exchange,
  ) {}

  async answer(): Promise<Message | Task> {
    const { resumeTaskId } = this.exchange;
    if (resumeTaskId) {
      const task = await this.resume(resumeTaskId);
      if (task) return task;
    }
    const answer = this.door.streaming ? await this.streamed() : await this.sent();
    return isMessage(answer) || isSettled(answer) ? answer : this.follow(answer.id);
  }

  /** Tells the server that nobody waits any more; not when only this process stops waiting. */
  async cancel(): Promise<void> {
    const { reason } = this.exchange.signal;
    const isHandedOver = reason instanceof ArkError && reason.reason === 'Abandoned';
    if (!this.taskId || isHandedOver) return;
    const options = { signal: AbortSignal.timeout(CANCEL_TIMEOUT_MS), serviceParameters: this.door.headers };
    await this.door.transport.cancelTask({ tenant: '', id: this.taskId, metadata: {} }, options);
  }

  private get options() {
    return { signal: this.exchange.signal, serviceParameters: this.door.headers };
  }

  /** One request with one answer, waited for with patience. */
  private async once<T>(ask: (options: Conversation['options']) => Promise<T>): Promise<T> {
    const { patienceMs, signal } = this.exchange;
    if (patienceMs === undefined) return ask(this.options);
    const late = AbortSignal.timeout(Math.min(patienceMs, LONGEST_TIMER_MS));
    try {
      return await ask({ ...this.options, signal: AbortSignal.any([signal, late]) });
    } catch (error) {
      if (late.aborted && !signal.aborted) throw timeout(`no answer within ${patienceMs / 1000} seconds`);
      throw error;
    }
  }

  private async sent(): Promise<Message | Task> {
    const { request } = this.exchange;
    const answer = await this.once((options) => this.door.transport.sendMessage(request, options));
    return isMessage(answer) ? answer : this.know(answer);
  }

  private async streamed(): Promise<Message | Task> {
    const { request, signal, onText } = this.exchange;
    const heard = new StreamAnswer(onText);
    const silence = this.silence();
    const options = { ...this.options, signal: silence.signal };
    try {
      for await (const event of this.door.transport.sendMessageStream(request, options)) {
        if (this.hear(heard, event)) break;
        if (this.taskId) silence.heard();
      }
    } catch (error) {
      if (signal.aborted) throw error;
      // The card promised a stream that the server does not have: nothing ran, so asking again is safe.
      if (!this.taskId && error instanceof UnsupportedOperationError) return this.sent();
      if (!this.taskId && !heard.answer()) throw error;
    } finally {
      silence.end();
    }
    const answer = heard.answer();
    if (answer) return answer;
    if (this.taskId) return this.follow(this.taskId);
    throw unavailable('the connection was closed before an answer came');
  }

  /** The task of an earlier attempt; undefined when the server has forgotten it. */
  private async resume(id: string): Promise<Task | undefined> {
    try {
      return await this.follow(id);
    } catch (error) {
      if (isUnknownTask(error)) return undefined;
      throw error;
    }
  }

  /**
   * Stays with a task until it needs nobody's patience any more. A server that is away is waited for, however long: only
   * the signal ends that, or an answer after which no other can come.
   */
  private async follow(id: string): Promise<Task> {
    this.taskId = id;
    const { signal, tidings, clock = systemClock } = this.exchange;
    const looks = new Looks();
    let isTold: boolean | undefined;
    for (;;) {
      try {
        const params = { tenant: '', id, historyLength: HISTORY };
        const task = this.know(await this.once((options) => this.door.transport.getTask(params, options)));
        if (isSettled(task)) return task;
        looks.went();
        // What a stream tells is not all: the next look brings the rest.
        if (this.door.streaming) await this.subscribed(id);
        else if (tidings && isTold === undefined) {
          isTold = await tidings.order(id, this.options);
          // What happened before the order is seen by looking once more.
          if (isTold) continue;
        }
        if (isTold) await tidings?.next(LONGEST_TRUST_MS, signal);
        else await rest(looks.nextMs(), signal, clock);
      } catch (error) {
        if (signal.aborted || isHopeless(error)) throw error;
        await this.away(looks.failed(error), clock, { error, failures: looks.failures });
      }
    }
  }

  private away(pauseMs: number, clock: Clock, absence: Absence): Promise<void> {
    const { signal, whileAway } = this.exchange;
    const pause = () => rest(pauseMs, signal, clock);
    return whileAway ? whileAway(absence, pause) : pause();
  }

  /** Listens to a task that runs already, as long as there is something to hear. */
  private async subscribed(id: string): Promise<void> {
    const heard = new StreamAnswer(() => undefined);
    const silence = this.silence();
    silence.heard();
    const options = { ...this.options, signal: silence.signal };
    try {
      for await (const event of this.door.transport.resubscribeTask({ tenant: '', id }, options)) {
        if (this.hear(heard, event)) return;
        silence.heard();
      }
    } catch {
      // Not every server can; looking from time to time always works.
      this.exchange.signal.throwIfAborted();
    } finally {
      silence.end();
    }
  }

  private silence(): Silence {
    return new Silence(this.exchange.signal, this.exchange.silenceMs ?? LONGEST_SILENCE_MS);
  }

  /** Takes in one event. Whether the task has ended with it: some servers never end a stream. */
  private hear(heard: StreamAnswer, event: Parameters<StreamAnswer['add']>[0]): boolean {
    heard.add(event);
    const { task } = heard;
    if (!task) return false;
    this.know(task);
    return isSettled(task);
  }

  private know(task: Task): Task {
    this.taskId = task.id;
    this.exchange.onTask?.(task);
    return task;
  }
}
