import type {
  AgentCard,
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  ListTasksResponse,
  Message,
  SendMessageRequest,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
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
import { engineCallOf } from '../../engine-host/execution/engine-call.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { ServedAgent } from '../agents/served-agent.js';
import type { GatewayTasks } from './gateway-tasks.js';
import { queryOf, textIn } from './message-query.js';
import { agentSays, contextOf, isTerminal, phaseOf, saidIn, taskOf } from './query-task.js';
import type { TaskEvents } from './task-events.js';
import { pageOf, trimmed } from './task-list.js';

const READABLE = /^(text(\/(plain|markdown|\*))?|\*\/\*)$/;

/**
 * The A2A operations of one agent of the cluster. Each message becomes a Query, so that everything that holds for
 * Queries holds for it; its task is a picture of that Query.
 */
export class GatewayRequestHandler implements A2ARequestHandler {
  constructor(
    private readonly agent: ServedAgent,
    private readonly card: AgentCard,
    private readonly tasks: GatewayTasks,
    private readonly events: TaskEvents,
  ) {}

  async getAgentCard(): Promise<AgentCard> {
    return this.card;
  }

  async getAuthenticatedExtendedAgentCard(): Promise<AgentCard> {
    throw new ExtendedAgentCardNotConfiguredError('the card holds everything there is to say about this agent');
  }

  /** Waits for the answer and returns it as a Message; what ends or rests otherwise is a Task. */
  async sendMessage(request: SendMessageRequest, context: ServerCallContext): Promise<Message | Task> {
    const query = await this.begin(request);
    const { returnImmediately, historyLength } = request.configuration ?? {};
    if (returnImmediately === true) return trimmed(taskOf(query), historyLength);
    const settled = await this.tasks.settled(query, engineCallOf(context).signal);
    if (!settled) throw new TaskNotFoundError(`task '${query.metadata.name}' was deleted before it ended`);
    if (phaseOf(settled) === 'done') return agentSays(settled, saidIn(settled));
    return trimmed(taskOf(settled), historyLength);
  }

  async *sendMessageStream(
    request: SendMessageRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const query = await this.begin(request);
    yield* this.events.of(query, engineCallOf(context).signal);
  }

  async getTask({ id, historyLength }: GetTaskRequest): Promise<Task> {
    return trimmed(taskOf(await this.tasks.find(this.agent, id)), historyLength);
  }

  async listTasks(request: ListTasksRequest): Promise<ListTasksResponse> {
    return pageOf((await this.tasks.list(this.agent)).map(taskOf), request);
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

  async createTaskPushNotificationConfig(): Promise<never> {
    throw new PushNotificationNotSupportedError();
  }

  async getTaskPushNotificationConfig(): Promise<never> {
    throw new PushNotificationNotSupportedError();
  }

  async listTaskPushNotificationConfigs(): Promise<never> {
    throw new PushNotificationNotSupportedError();
  }

  async deleteTaskPushNotificationConfig(): Promise<never> {
    throw new PushNotificationNotSupportedError();
  }

  /** Refuses what cannot become a Query before anything is made. */
  private async begin({ message, configuration }: SendMessageRequest): Promise<Query> {
    if (!message?.messageId) throw new RequestMalformedError('message.messageId is required');
    const modes = configuration?.acceptedOutputModes ?? [];
    if (modes.length > 0 && !modes.some((mode) => READABLE.test(mode))) {
      throw new ContentTypeNotSupportedError(`agent '${this.agent.name}' answers text/plain, not ${modes.join(', ')}`);
    }
    if (message.taskId) return this.goOn(message);
    return this.tasks.begin(queryOf(this.agent, message));
  }

  /** The message answers what a task asks. */
  private async goOn({ taskId, contextId, parts }: Message): Promise<Query> {
    const query = await this.tasks.find(this.agent, taskId);
    if (contextId && contextId !== contextOf(query)) {
      throw new RequestMalformedError(`task '${taskId}' belongs to context '${contextOf(query)}', not '${contextId}'`);
    }
    if (phaseOf(query) === 'input-required') return this.tasks.answer(query, textIn(parts));
    const why = isTerminal(query) ? 'has ended: send a message without taskId' : 'asks nothing yet: wait until it does';
    throw new UnsupportedOperationError(`task '${taskId}' ${why}`);
  }
}
