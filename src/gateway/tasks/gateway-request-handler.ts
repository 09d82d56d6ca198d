import type {
  AgentCard,
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  Message,
  SendMessageRequest,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import {
  ContentTypeNotSupportedError,
  ExtendedAgentCardNotConfiguredError,
  PushNotificationNotSupportedError,
  RequestMalformedError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server';
import { toA2aError } from '../../engine-host/a2a-errors.js';
import { engineCallOf } from '../../engine-host/execution/engine-call.js';
import { refuseUnfinished } from '../../engine-host/message-faults.js';
import type { BugReports } from '../../machinery/observability/bug-reports.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { PushConfig, TaskKey } from '../../storage/push-configs.js';
import type { ServedAgent } from '../agents/served-agent.js';
import type { PushReceivers } from '../push/push-receivers.js';
import type { GatewayTasks } from './gateway-tasks.js';
import { queryOf, textIn } from './message-query.js';
import { agentSays, contextOf, isTerminal, phaseOf, saidIn, taskOf } from './query-task.js';
import type { TaskEvents } from './task-events.js';
import { refuseHistory, trimmed } from './task-history.js';
import { pageOf } from './task-list.js';

const READABLE = /^(text(\/(plain|markdown|\*))?|\*\/\*)$/;

const keyOf = ({ metadata: { namespace = '', name } }: Query): TaskKey => ({ namespace, task: name });

/** What an agent shows of itself, and how long it may take to answer. */
export interface AgentManners {
  card: AgentCard;
  /** For callers who proved who they are; absent where nobody has to. */
  extended?(url: string): AgentCard;
  timeoutSeconds: number;
}

/**
 * The A2A operations of one agent of the cluster. Each message becomes a Query, so that everything that holds for
 * Queries holds for it; its task is a picture of that Query.
 */
export class GatewayRequestHandler implements A2ARequestHandler {
  constructor(
    private readonly agent: ServedAgent,
    private readonly manners: AgentManners,
    private readonly tasks: GatewayTasks,
    private readonly events: TaskEvents,
    private readonly receivers: PushReceivers,
    private readonly bugs: BugReports,
  ) {}

  async getAgentCard(): Promise<AgentCard> {
    return this.manners.card;
  }

  async getAuthenticatedExtendedAgentCard(_: unknown, context: ServerCallContext): Promise<AgentCard> {
    const { extended } = this.manners;
    if (extended) return extended(engineCallOf(context).url?.() ?? '');
    const why = 'the card holds everything there is to say about this agent';
    // Protocol 1.0 keeps the other error for agents that promise such a card and have none.
    if (context.requestedVersion === '1.0') throw new UnsupportedOperationError(why);
    throw new ExtendedAgentCardNotConfiguredError(why);
  }

  /** Waits for the answer and returns it as a Message; what ends or rests otherwise is a Task. */
  async sendMessage(request: SendMessageRequest, context: ServerCallContext): Promise<Message | Task> {
    const query = await this.begin(request, context);
    const { returnImmediately, historyLength } = request.configuration ?? {};
    if (returnImmediately === true) return trimmed(taskOf(query), historyLength);
    const settled = await this.tasks.settled(query, engineCallOf(context).signal);
    if (!settled) throw new TaskNotFoundError(`task '${query.metadata.name}' was deleted before it ended`);
    const whole = await this.tasks.whole(settled);
    if (phaseOf(whole) === 'done') return agentSays(whole, saidIn(whole));
    return trimmed(taskOf(whole), historyLength);
  }

  async *sendMessageStream(
    request: SendMessageRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const query = await this.begin(request, context);
    yield* this.events.of(query, engineCallOf(context).signal);
  }

  async getTask({ id, historyLength }: GetTaskRequest): Promise<Task> {
    refuseHistory(historyLength);
    const query = await this.tasks.whole(await this.tasks.find(this.agent, id));
    return trimmed(taskOf(query), historyLength);
  }

  async listTasks(request: ListTasksRequest): Promise<ListTasksResponse> {
    return pageOf(await this.tasks.list(this.agent), request, (query) => this.tasks.whole(query));
  }

  async cancelTask({ id }: CancelTaskRequest): Promise<Task> {
    return taskOf(await this.tasks.cancel(await this.tasks.find(this.agent, id)));
  }

  async *resubscribe(
    { id }: SubscribeToTaskRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const query = await this.tasks.find(this.agent, id);
    if (isTerminal(query)) throw new UnsupportedOperationError(`task '${id}' has ended: read it with tasks/get`);
    yield* this.events.of(query, engineCallOf(context).signal);
  }

  async createTaskPushNotificationConfig(
    config: TaskPushNotificationConfig,
    context: ServerCallContext,
  ): Promise<TaskPushNotificationConfig> {
    const receiver = this.receiver(config, context);
    return this.keep(await this.tasks.find(this.agent, config.taskId), receiver);
  }

  async getTaskPushNotificationConfig({
    taskId,
    id,
  }: GetTaskPushNotificationConfigRequest): Promise<TaskPushNotificationConfig> {
    return this.receivers.get(await this.watched(taskId), id);
  }

  async listTaskPushNotificationConfigs({
    taskId,
  }: ListTaskPushNotificationConfigsRequest): Promise<ListTaskPushNotificationConfigsResponse> {
    return this.receivers.list(await this.watched(taskId));
  }

  async deleteTaskPushNotificationConfig({ taskId, id }: DeleteTaskPushNotificationConfigRequest): Promise<void> {
    return this.receivers.remove(await this.watched(taskId), id);
  }

  /** Refuses what cannot become a Query before anything is made. */
  private async begin({ message, configuration }: SendMessageRequest, context: ServerCallContext): Promise<Query> {
    refuseUnfinished(message);
    refuseHistory(configuration?.historyLength);
    const modes = configuration?.acceptedOutputModes ?? [];
    if (modes.length > 0 && !modes.some((mode) => READABLE.test(mode))) {
      throw new ContentTypeNotSupportedError(`agent '${this.agent.name}' answers text/plain, not ${modes.join(', ')}`);
    }
    const push = configuration?.taskPushNotificationConfig;
    const receiver = push && this.receiver(push, context);
    if (message.taskId) return this.goOn(message, receiver);
    const { timeoutSeconds } = this.manners;
    const facts = { watched: receiver !== undefined, askedBy: context.user?.userName ?? '', timeoutSeconds };
    const query = queryOf(this.agent, message, facts);
    // Before the Query, so that no change of it is missed.
    if (receiver) await this.receivers.keep(keyOf(query), receiver);
    return this.tasks.begin(query).catch(async (error: unknown) => {
      if (receiver) await this.receivers.forget(keyOf(query));
      throw toA2aError(error, this.bugs, { agent: this.agent.name });
    });
  }

  /** @throws PushNotificationNotSupportedError where nobody can be told, RequestMalformedError for a wrong config */
  private receiver(config: TaskPushNotificationConfig, { requestedVersion }: ServerCallContext): PushConfig {
    this.needsPush();
    return this.receivers.checked(config, requestedVersion);
  }

  /** Whose receivers are meant. */
  private async watched(taskId: string): Promise<TaskKey> {
    this.needsPush();
    return keyOf(await this.tasks.find(this.agent, taskId));
  }

  private needsPush(): void {
    if (this.tasks.lasting) return;
    throw new PushNotificationNotSupportedError(
      'tasks here end with this process (ARK_GATEWAY_PERSIST=never): ask again',
    );
  }

  private async keep(query: Query, receiver: PushConfig): Promise<TaskPushNotificationConfig> {
    const kept = await this.receivers.keep(keyOf(query), receiver);
    await this.tasks.watch(query);
    this.receivers.arrived(query);
    return kept;
  }

  /** The message answers what a task asks. */
  private async goOn({ taskId, contextId, parts }: Message, receiver?: PushConfig): Promise<Query> {
    const query = await this.tasks.find(this.agent, taskId);
    if (contextId && contextId !== contextOf(query)) {
      throw new RequestMalformedError(`task '${taskId}' belongs to context '${contextOf(query)}', not '${contextId}'`);
    }
    if (phaseOf(query) === 'input-required') {
      if (receiver) await this.keep(query, receiver);
      return this.tasks.answer(query, textIn(parts));
    }
    const why = isTerminal(query) ? 'has ended: send a message without taskId' : 'asks nothing yet: wait until it does';
    throw new UnsupportedOperationError(`task '${taskId}' ${why}`);
  }
}
