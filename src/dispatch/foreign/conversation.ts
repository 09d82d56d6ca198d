import { setTimeout as wait } from 'node:timers/promises';
import type { Message, SendMessageRequest, Task } from '@a2a-js/sdk';
import { UnsupportedOperationError } from '@a2a-js/sdk/errors';
import { ArkError, timeout, unavailable } from '../../kit/index.js';
import { isMessage, isSettled } from '../answers.js';
import type { EngineDoor } from './engine-door.js';
import { isUnknownTask } from './foreign-failure.js';
import { Silence } from './silence.js';
import { StreamAnswer } from './stream-answer.js';
import type { Tidings } from './tidings.js';

const FIRST_LOOK_MS = 250;
const SLOWEST_LOOK_MS = 5_000;
const PATIENCE_WITH_FAILURES = 5;
const CANCEL_TIMEOUT_MS = 5_000;
const HISTORY = 100;
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
    const late = AbortSignal.timeout(patienceMs);
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

  /** Stays with a task until it needs nobody's patience any more; a short loss of the server is forgiven. */
  private async follow(id: string): Promise<Task> {
    this.taskId = id;
    const { signal, tidings } = this.exchange;
    let failures = 0;
    let isTold: boolean | undefined;
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(SLOWEST_LOOK_MS, pause * 1.5)) {
      try {
        const params = { tenant: '', id, historyLength: HISTORY };
        const task = this.know(await this.once((options) => this.door.transport.getTask(params, options)));
        if (isSettled(task)) return task;
        failures = 0;
        // What a stream tells is not all: the next look brings the rest.
        if (this.door.streaming) await this.subscribed(id);
        else if (tidings && isTold === undefined) {
          isTold = await tidings.order(id, this.options);
          // What happened before the order is seen by looking once more.
          if (isTold) continue;
        }
      } catch (error) {
        failures += 1;
        const hopeless = isUnknownTask(error) || failures >= PATIENCE_WITH_FAILURES;
        if (signal.aborted || hopeless) throw error;
      }
      if (isTold && failures === 0) await tidings?.next(LONGEST_TRUST_MS, signal);
      else await wait(pause, undefined, { signal });
    }
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
