import { setTimeout as wait } from 'node:timers/promises';
import type { Message, Task } from '@a2a-js/sdk';
import { TaskNotFoundError, UnsupportedOperationError } from '@a2a-js/sdk/errors';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { invalid, unavailable } from '../kit/index.js';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { Settings } from '../machinery/settings/settings.js';
import { isMessage, isSettled } from './answers.js';
import { boundedFetch, engineConnections } from './foreign/bounded-fetch.js';
import type { EngineDoor } from './foreign/engine-door.js';
import { EngineDoors } from './foreign/engine-doors.js';
import { foreignFailure } from './foreign/foreign-failure.js';
import { StreamAnswer } from './foreign/stream-answer.js';
import { messageFor, type TargetCall } from './target-call.js';

const FIRST_LOOK_MS = 250;
const SLOWEST_LOOK_MS = 5_000;
const PATIENCE_WITH_FAILURES = 5;
const CANCEL_TIMEOUT_MS = 5_000;

/** Asks engines outside this process over A2A, in the generation and binding that their card names. */
@Injectable()
export class ForeignEngines implements OnApplicationShutdown {
  private readonly connections: ReturnType<typeof engineConnections>;
  private readonly doors: EngineDoors;

  constructor(
    private readonly logger: RootLogger,
    settings: Settings,
  ) {
    // In a pod, loopback is the pod's own doors and sidecars: nothing a manifest may reach for.
    const rules = { loopback: settings.kubernetes !== 'in-cluster' };
    this.connections = engineConnections(rules);
    this.doors = new EngineDoors(boundedFetch(this.connections, rules), logger);
  }

  /** After the runs were abandoned: a connection that breaks under a run would look like the engine's failure. */
  async onApplicationShutdown(): Promise<void> {
    await this.connections.destroy();
  }

  /** @throws `Unavailable` and its kin, naming the engine; the signal's reason when it was aborted */
  async ask(engine: string, address: string, call: TargetCall): Promise<Message | Task> {
    if (!URL.canParse(address)) throw invalid(`engine '${engine}': its address "${address}" is not a URL`);
    const conversation = new Conversation(await this.doors.find(address), call);
    try {
      call.signal.throwIfAborted();
      return await conversation.answer();
    } catch (error) {
      if (!call.signal.aborted) throw foreignFailure(engine, address, error);
      await conversation.cancel().catch((reason: unknown) => {
        this.logger.debug({ engine, err: reason }, 'A foreign engine did not cancel its task');
      });
      throw call.signal.reason;
    }
  }
}

/** One exchange with one engine: ask, listen, follow the task if there is one. */
class Conversation {
  private taskId?: string;

  constructor(
    private readonly door: EngineDoor,
    private readonly call: TargetCall,
  ) {}

  async answer(): Promise<Message | Task> {
    const { resumeTaskId } = this.call;
    if (resumeTaskId) {
      const task = await this.resume(resumeTaskId);
      if (task) return task;
    }
    const answer = this.door.streaming ? await this.streamed() : await this.sent();
    return isMessage(answer) || isSettled(answer) ? answer : this.follow(answer.id);
  }

  /** Tells the engine that nobody waits any more. */
  async cancel(): Promise<void> {
    if (!this.taskId) return;
    const options = { signal: AbortSignal.timeout(CANCEL_TIMEOUT_MS), serviceParameters: this.door.headers };
    await this.door.transport.cancelTask({ tenant: '', id: this.taskId, metadata: {} }, options);
  }

  private get options() {
    return { signal: this.call.signal, serviceParameters: this.door.headers };
  }

  private async sent(): Promise<Message | Task> {
    const answer = (await this.door.transport.sendMessage(messageFor(this.call), this.options)) as Message | Task;
    if (!isMessage(answer)) this.taskId = answer.id;
    return answer;
  }

  private async streamed(): Promise<Message | Task> {
    const heard = new StreamAnswer(this.call.onText);
    try {
      for await (const event of this.door.transport.sendMessageStream(messageFor(this.call), this.options)) {
        heard.add(event);
        this.taskId = heard.taskId;
      }
    } catch (error) {
      if (this.call.signal.aborted) throw error;
      // The card promised a stream that the engine does not have: nothing ran, so asking again is safe.
      if (!this.taskId && error instanceof UnsupportedOperationError) return this.sent();
      if (!this.taskId && !heard.answer()) throw error;
    }
    const answer = heard.answer();
    if (answer) return answer;
    if (this.taskId) return this.follow(this.taskId);
    throw unavailable('the connection was closed before an answer came');
  }

  /** The task of an earlier attempt; undefined when the engine has forgotten it. */
  private async resume(id: string): Promise<Task | undefined> {
    try {
      return await this.follow(id);
    } catch (error) {
      if (error instanceof TaskNotFoundError) return undefined;
      throw error;
    }
  }

  /** Looks at a task until it needs nobody's patience any more; a short loss of the engine is forgiven. */
  private async follow(id: string): Promise<Task> {
    this.taskId = id;
    let failures = 0;
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(SLOWEST_LOOK_MS, pause * 1.5)) {
      try {
        const task = await this.door.transport.getTask({ tenant: '', id, historyLength: undefined }, this.options);
        if (isSettled(task)) return task;
        failures = 0;
      } catch (error) {
        failures += 1;
        const hopeless = error instanceof TaskNotFoundError || failures >= PATIENCE_WITH_FAILURES;
        if (this.call.signal.aborted || hopeless) throw error;
      }
      await wait(pause, undefined, { signal: this.call.signal });
    }
  }
}
