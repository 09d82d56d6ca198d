import { randomUUID } from 'node:crypto';
import type { Message, SendMessageRequest, Task } from '@a2a-js/sdk';
import { Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ArkError, errorText, keyText, Metrics, shownAddress } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { Settings } from '../../machinery/settings/settings.js';
import type { QueryOutcome } from '../../reconcilers/query/query-dispatcher.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { A2A_CONTEXT_ID } from '../../resources/labels.js';
import type { Query } from '../../resources/query/query.resource.js';
import { Objects } from '../../runtime/objects.js';
import { isPassing } from '../../runtime/passing/passing-queries.js';
import { outcomeOf } from '../answers.js';
import { boundedFetch, engineConnections } from '../foreign/bounded-fetch.js';
import { type Absence, Conversation } from '../foreign/conversation.js';
import { foreignFailure } from '../foreign/foreign-failure.js';
import { RemoteCalls } from '../foreign/remote-calls.js';
import { takeAnswer } from '../given-answers.js';
import type { TargetCall } from '../target-call.js';
import { HostedEvents } from './hosted-events.js';
import { hostedMessage } from './hosted-message.js';
import { type HostedPlace, placeOf } from './hosted-place.js';
import { ownTask, type Party, taskOfContext } from './open-tasks.js';
import { PushOrders } from './push-orders.js';
import { TaskRecord } from './task-record.js';

/** What to do at the server: say something, or follow a task that goes on without us. */
interface Plan {
  request: SendMessageRequest;
  resumeTaskId?: string;
  /** The record that goes on. */
  known?: A2ATask;
}

/** Asks agents that live on A2A servers, and keeps an A2ATask of each exchange. */
@Injectable()
export class HostedAgents implements OnApplicationShutdown {
  private readonly calls: RemoteCalls;
  private readonly connections: ReturnType<typeof engineConnections>;
  private readonly fetch: typeof globalThis.fetch;

  constructor(
    private readonly objects: Objects,
    private readonly server: ApiServer,
    private readonly pushes: PushOrders,
    private readonly events: HostedEvents,
    private readonly logger: RootLogger,
    metrics: Metrics,
    tracing: Tracing,
    @Optional() private readonly settings?: Settings,
  ) {
    this.calls = new RemoteCalls(metrics, tracing);
    const rules = { loopback: settings?.kubernetes !== 'in-cluster' };
    this.connections = engineConnections(rules);
    this.fetch = tracing.carrying(boundedFetch(this.connections, rules));
  }

  /** Where an agent lives. @throws ArkError naming what is missing */
  place(agent: Agent): Promise<HostedPlace> {
    return placeOf(agent, this.objects, this.fetch);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.destroy();
  }

  /** @throws ArkError naming the A2AServer and the cause; the signal's reason when it was aborted */
  async ask(agent: Agent, call: TargetCall): Promise<QueryOutcome> {
    return this.events.around(call.query, agent, async () => {
      const place = await this.placeFor(agent, call.query);
      return this.calls.observe(call, place.address, () => this.exchange(place, call));
    });
  }

  private async placeFor({ metadata }: Agent, query: Query): Promise<HostedPlace> {
    const objects = await this.objects.seenBy(query);
    const agent = await objects.need(Agent, metadata, `query '${keyText(query.metadata)}'`);
    return placeOf(agent, objects, this.fetch);
  }

  private async exchange(place: HostedPlace, call: TargetCall): Promise<QueryOutcome> {
    const { request, resumeTaskId, known } = await this.plan(place, call);
    const asked = request.message as Message;
    const messages = this.settings?.a2aTrackMessages !== 'off';
    const of = {
      query: call.query,
      agent: call.target.name,
      a2aServer: place.server,
      asked,
      alone: !call.asked,
      messages,
    };
    // A record belongs to its Query; without one the question and its answer pass and leave nothing.
    const record = isPassing(call.query) ? undefined : new TaskRecord(this.server, this.logger, of, known);
    const { signal, onText } = call;
    const { patienceMs } = place;
    const onTask = (task: Task) => record?.heard(task);
    const tidings = record && this.pushes.of(place, record);
    const whileAway = (absence: Absence, pause: () => Promise<void>) => {
      const failure = foreignFailure(`A2AServer '${place.server}'`, place.address, absence.error);
      if (absence.failures === 1) void this.tellAway(record, failure);
      return call.floor ? call.floor.during(failure.message, pause) : pause();
    };
    const exchange = { request, resumeTaskId, signal, patienceMs, onText, onTask, tidings, whileAway };
    const conversation = new Conversation(place.door, exchange);
    try {
      signal.throwIfAborted();
      const answer = await conversation.answer();
      await record?.ended(answer);
      // The record holds what it waits for, and takes the answer.
      const where = `A2AServer '${place.server}' at ${shownAddress(place.address)}`;
      const { task: _recorded, ...outcome } = outcomeOf(call.target, answer, where);
      return outcome;
    } catch (error) {
      if (isHandedOver(signal)) throw signal.reason;
      await this.stop(place, conversation);
      if (signal.aborted) {
        await record?.cancelled(errorText(signal.reason));
        throw signal.reason;
      }
      const failure = foreignFailure(`the call to A2AServer '${place.server}' failed`, place.address, error);
      await record?.failed(failure.message);
      throw failure;
    } finally {
      tidings?.end();
    }
  }

  private async plan({ server }: HostedPlace, call: TargetCall): Promise<Plan> {
    const { query, target, text, messageId, asked } = call;
    const party = { agent: target.name, server };
    const told = query.metadata.annotations?.[A2A_CONTEXT_ID];
    if (asked && call.resumeTaskId) return this.goOnWith(call.resumeTaskId, party, call);
    // Who is asked on behalf of others is asked anew each time: tasks of other turns say nothing of this one.
    if (asked) return { request: hostedMessage({ text, messageId: randomUUID(), contextId: told }) };
    const contextId = told || query.spec.conversationId;
    if (isPassing(query)) {
      // A task that asked something stands in the status, and takes what is said next.
      const { taskId } = query.status?.a2a ?? {};
      const id = taskId ? `${messageId}-${query.status?.claim?.attempt}` : messageId;
      return { request: hostedMessage({ text, messageId: id, contextId, taskId }) };
    }
    const own = await ownTask(query, party, this.objects);
    if (own) return this.goOn(own, call);
    const namespace = query.metadata.namespace ?? '';
    const open = contextId ? await taskOfContext(contextId, namespace, party, this.objects) : undefined;
    return { request: hostedMessage({ text, messageId, contextId, taskId: open?.spec.taskId }) };
  }

  /** The task of this very turn, begun by an earlier attempt. */
  private async goOnWith(taskId: string, party: Party, call: TargetCall): Promise<Plan> {
    const { query, text, messageId, reply } = call;
    const known = await ownTask(query, party, this.objects, taskId);
    const contextId = reply?.contextId ?? known?.spec.contextId ?? known?.status?.contextId;
    if (reply) {
      const said = { text: reply.text, messageId: `${messageId}-${reply.id}`, contextId, taskId };
      return { request: hostedMessage(said), known };
    }
    if (known) return this.goOn(known, call);
    return { request: hostedMessage({ text, messageId, contextId }), resumeTaskId: taskId };
  }

  /** A task of an earlier attempt: it is answered when somebody has, and followed else. */
  private async goOn(task: A2ATask, { text, messageId }: TargetCall): Promise<Plan> {
    const { taskId, contextId = task.status?.contextId } = task.spec;
    const answer = await takeAnswer(this.server, task);
    if (!answer) {
      return { request: hostedMessage({ text, messageId, contextId }), resumeTaskId: taskId, known: task };
    }
    const { reply, left: known } = answer;
    const said = { text: reply.text, messageId: `${messageId}-${reply.id}`, contextId, taskId };
    return { request: hostedMessage(said), known };
  }

  private async tellAway(record: TaskRecord | undefined, failure: Error): Promise<void> {
    const task = await record?.written();
    if (task) this.events.away(task, failure);
  }

  /** Nobody waits any more: the server need not go on. */
  private async stop({ server }: HostedPlace, conversation: Conversation): Promise<void> {
    await conversation.cancel().catch((error: unknown) => {
      this.logger.debug({ a2aServer: server, err: error }, 'An A2A server did not cancel its task');
    });
  }
}

/** Another process goes on with it. */
const isHandedOver = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof ArkError && reason.reason === 'Abandoned';
