import {
  AgentCard,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  SendMessageRequest,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
} from '@a2a-js/sdk';
import { RequestMalformedError } from '@a2a-js/sdk/errors';
import type { ServerCallContext } from '@a2a-js/sdk/server';
import { UnreadableBody } from '../../machinery/http/json-bodies.js';
import { segmentText } from './a2a-paths.js';
import type { Exchange } from './exchange.js';

export interface RestCall extends Exchange {
  context: ServerCallContext;
  /** The names in the path, in their order: a task's, then a configuration's. */
  ids: string[];
  query: URLSearchParams;
}

/** A body as JSON, or events. */
export type RestOperation = (call: RestCall) => Promise<unknown> | AsyncGenerator<unknown>;

const CONFIGS = 'tasks/([^/:]+)/pushNotificationConfigs';

type Operations = readonly [method: string, path: RegExp, operation: RestOperation][];

/** HTTP+JSON of protocol 1.0, §11 of its specification. */
export const OPERATIONS: Operations = [
  ['POST', /^message:send$/, sendMessage],
  ['POST', /^message:stream$/, streamMessage],
  ['GET', /^tasks$/, listTasks],
  ['GET', /^tasks\/([^/:]+)$/, getTask],
  ['POST', /^tasks\/([^/:]+):cancel$/, cancelTask],
  ['GET', /^tasks\/([^/:]+):subscribe$/, subscribe],
  ['POST', /^tasks\/([^/:]+):subscribe$/, subscribe],
  ['POST', new RegExp(`^${CONFIGS}$`), createConfig],
  ['GET', new RegExp(`^${CONFIGS}$`), listConfigs],
  ['GET', new RegExp(`^${CONFIGS}/([^/:]+)$`), getConfig],
  ['DELETE', new RegExp(`^${CONFIGS}/([^/:]+)$`), deleteConfig],
  ['GET', /^extendedAgentCard$/, extendedCard],
];

/** A path outside the protocol: A2A has no error of its own for that. */
export class NoSuchOperation extends Error {}

/** @throws {@link NoSuchOperation} */
export function findOperation(
  operations: Operations,
  method: string,
  path: string,
): { operation: RestOperation; ids: string[] } {
  for (const [verb, pattern, operation] of operations) {
    const match = verb === method && pattern.exec(path);
    if (match) return { operation, ids: match.slice(1).map(segmentText) };
  }
  throw new NoSuchOperation(`there is no operation ${method} ${path}`);
}

function bodyOf({ request }: RestCall): unknown {
  if (request.body instanceof UnreadableBody) throw new RequestMalformedError(request.body.message);
  return request.body ?? {};
}

async function sendMessage(call: RestCall): Promise<unknown> {
  const request = SendMessageRequest.fromJSON(bodyOf(call));
  const result = await call.endpoint.handler.sendMessage(request, call.context);
  const payload =
    'messageId' in result ? { $case: 'message' as const, value: result } : { $case: 'task' as const, value: result };
  return SendMessageResponse.toJSON({ payload });
}

function streamMessage(call: RestCall): AsyncGenerator<unknown> {
  const request = SendMessageRequest.fromJSON(bodyOf(call));
  return asJson(call.endpoint.handler.sendMessageStream(request, call.context));
}

async function listTasks({ endpoint, query, context }: RestCall): Promise<unknown> {
  const figures = numbers(query, 'pageSize', 'historyLength');
  const asked = { ...Object.fromEntries(query), ...figures, includeArtifacts: flag(query, 'includeArtifacts') };
  const page = await endpoint.handler.listTasks(ListTasksRequest.fromJSON(asked), context);
  const { nextPageToken, pageSize, totalSize } = page;
  // Protobuf leaves out what is empty; A2A wants these members always.
  return { tasks: [], nextPageToken, pageSize, totalSize, ...(ListTasksResponse.toJSON(page) as object) };
}

async function getTask({ endpoint, ids: [id = ''], query, context }: RestCall): Promise<unknown> {
  const { historyLength } = numbers(query, 'historyLength');
  return Task.toJSON(await endpoint.handler.getTask({ tenant: '', id, historyLength }, context));
}

async function cancelTask({ endpoint, ids: [id = ''], context }: RestCall): Promise<unknown> {
  return Task.toJSON(await endpoint.handler.cancelTask({ tenant: '', id, metadata: {} }, context));
}

function subscribe({ endpoint, ids: [id = ''], context }: RestCall): AsyncGenerator<unknown> {
  return asJson(endpoint.handler.resubscribe({ tenant: '', id }, context));
}

async function createConfig(call: RestCall): Promise<unknown> {
  const { endpoint, ids, context } = call;
  const config = TaskPushNotificationConfig.fromJSON({ ...(bodyOf(call) as object), taskId: ids[0] });
  return TaskPushNotificationConfig.toJSON(await endpoint.handler.createTaskPushNotificationConfig(config, context));
}

async function listConfigs({ endpoint, ids: [taskId = ''], query, context }: RestCall): Promise<unknown> {
  const { pageSize = 0 } = numbers(query, 'pageSize');
  const asked = { tenant: '', taskId, pageSize, pageToken: query.get('pageToken') ?? '' };
  const found = await endpoint.handler.listTaskPushNotificationConfigs(asked, context);
  return ListTaskPushNotificationConfigsResponse.toJSON(found);
}

async function getConfig({ endpoint, ids: [taskId = '', id = ''], context }: RestCall): Promise<unknown> {
  const found = await endpoint.handler.getTaskPushNotificationConfig({ tenant: '', taskId, id }, context);
  return TaskPushNotificationConfig.toJSON(found);
}

async function deleteConfig({ endpoint, ids: [taskId = '', id = ''], context }: RestCall): Promise<unknown> {
  await endpoint.handler.deleteTaskPushNotificationConfig({ tenant: '', taskId, id }, context);
  return {};
}

async function extendedCard({ endpoint, context }: RestCall): Promise<unknown> {
  return AgentCard.toJSON(await endpoint.handler.getAuthenticatedExtendedAgentCard({ tenant: '' }, context));
}

async function* asJson(events: AsyncGenerator<StreamResponse>): AsyncGenerator<unknown> {
  for await (const event of events) yield StreamResponse.toJSON(event);
}

function numbers(query: URLSearchParams, ...names: string[]): Record<string, number | undefined> {
  const given = names.flatMap((name) => {
    const value = query.get(name);
    if (value === null) return [];
    if (!/^\d+$/.test(value)) throw new RequestMalformedError(`${name} must be a whole number, got "${value}"`);
    return [[name, Number(value)] as const];
  });
  return Object.fromEntries(given);
}

function flag(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new RequestMalformedError(`${name} must be true or false, got "${value}"`);
}
