import type { Message, Task } from '@a2a-js/sdk';
import { Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { denied, invalid, Metrics, redactor, shownAddress } from '../kit/index.js';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { Tracing } from '../machinery/observability/tracing/tracing.js';
import { Settings } from '../machinery/settings/settings.js';
import { isPassing } from '../runtime/passing/passing-queries.js';
import { boundedFetch, engineConnections } from './foreign/bounded-fetch.js';
import { type Absence, Conversation } from './foreign/conversation.js';
import { EngineDoors } from './foreign/engine-doors.js';
import { foreignFailure } from './foreign/foreign-failure.js';
import { RemoteCalls } from './foreign/remote-calls.js';
import type { SentHeaders } from './foreign/with-headers.js';
import { messageFor, type TargetCall } from './target-call.js';

/** Asks engines outside this process over A2A, in the generation and binding that their card names. */
@Injectable()
export class ForeignEngines implements OnApplicationShutdown {
  private readonly calls: RemoteCalls;
  private readonly connections: ReturnType<typeof engineConnections>;
  private readonly doors: EngineDoors;

  constructor(
    private readonly logger: RootLogger,
    metrics: Metrics,
    tracing: Tracing,
    @Optional() settings?: Settings,
  ) {
    this.calls = new RemoteCalls(metrics, tracing);
    // In a pod, loopback is the pod's own doors and sidecars: nothing a manifest may reach for.
    const rules = { loopback: settings?.kubernetes !== 'in-cluster' };
    this.connections = engineConnections(rules);
    this.doors = new EngineDoors(tracing.carrying(boundedFetch(this.connections, rules)), logger);
  }

  /** After the runs were abandoned: a connection that breaks under a run would look like the engine's failure. */
  async onApplicationShutdown(): Promise<void> {
    await this.connections.destroy();
  }

  /**
   * @param sent goes with every request to the engine; it may hold its token
   * @throws `Unavailable` and its kin, naming the engine; the signal's reason when it was aborted
   */
  ask(engine: string, address: string, call: TargetCall, sent?: SentHeaders): Promise<Message | Task> {
    return this.calls.observe(call, address, () => this.exchange(engine, address, call, sent));
  }

  private async exchange(
    engine: string,
    address: string,
    call: TargetCall,
    sent?: SentHeaders,
  ): Promise<Message | Task> {
    if (call.query.spec.serviceAccount !== undefined) {
      throw denied(
        `engine '${engine}' runs elsewhere and reads with rights of its own, so that spec.serviceAccount of the Query would ` +
          'bind nobody: ask an agent on an engine of this runtime, or remove it',
      );
    }
    if (isPassing(call.query)) {
      throw invalid(
        `engine '${engine}' is outside this process and reads Queries from the API server, which has none of this ` +
          'message: set ARK_GATEWAY_PERSIST=always, or install the engine here',
      );
    }
    if (!URL.canParse(address)) {
      const shown = shownAddress(redactor(sent?.secrets ?? [])(address));
      throw invalid(`engine '${engine}': its address "${shown}" is not a URL`);
    }
    const onTask = ({ id, contextId }: Task) =>
      call.onRemoteTask?.({ taskId: id, ...(contextId ? { contextId } : {}) });
    const resumeTaskId = call.reply ? undefined : call.resumeTaskId;
    const where = `engine '${engine}'`;
    const whileAway = (absence: Absence, pause: () => Promise<void>) => {
      const failure = foreignFailure(where, address, absence.error);
      if (absence.failures === 1)
        this.logger.info({ engine, err: failure }, 'A task cannot be asked about; it is later');
      return call.floor ? call.floor.during(failure.message, pause) : pause();
    };
    const exchange = { ...call, request: messageFor(call), resumeTaskId, onTask, whileAway };
    const door = this.doors.find(address, sent).catch((error: unknown) => {
      throw foreignFailure(where, address, error);
    });
    const conversation = new Conversation(await unlessGone(door, call.signal), exchange);
    try {
      call.signal.throwIfAborted();
      return await conversation.answer();
    } catch (error) {
      if (!call.signal.aborted) this.doors.forget(address, sent);
      await conversation.cancel().catch((reason: unknown) => {
        this.logger.debug({ engine, err: reason }, 'A foreign engine did not cancel its task');
      });
      throw call.signal.aborted ? call.signal.reason : foreignFailure(where, address, error);
    }
  }
}

/** The card is read for whoever asks next too: who has gone need not wait for it. */
function unlessGone<T>(reading: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: gone, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  return Promise.race([reading, gone]).finally(() => signal.removeEventListener('abort', leave));
}
