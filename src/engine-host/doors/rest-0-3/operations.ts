import { RequestMalformedError } from '@a2a-js/sdk/errors';
import { UnreadableBody } from '../../../machinery/http/json-bodies.js';
import type { RestCall, RestOperation } from '../rest-operations.js';
import { configJson, eventJson, type LegacyEvent, sentConfig, sentMessage, taskJson } from './wire.js';

const TASK = '^v1/tasks/([^/:]+)';
const CONFIGS = `${TASK}/pushNotificationConfigs`;

/** HTTP+JSON of protocol 0.3, §3.5.3 of its specification: below `v1/`. */
export const LEGACY_OPERATIONS: [method: string, path: RegExp, operation: RestOperation][] = [
  ['POST', /^v1\/message:send$/, sendMessage],
  ['POST', /^v1\/message:stream$/, streamMessage],
  ['GET', new RegExp(`${TASK}$`), getTask],
  ['POST', new RegExp(`${TASK}:cancel$`), cancelTask],
  ['GET', new RegExp(`${TASK}:subscribe$`), subscribe],
  ['POST', new RegExp(`${TASK}:subscribe$`), subscribe],
  ['POST', new RegExp(`${CONFIGS}$`), createConfig],
  ['GET', new RegExp(`${CONFIGS}$`), listConfigs],
  ['GET', new RegExp(`${CONFIGS}/([^/:]+)$`), getConfig],
  ['DELETE', new RegExp(`${CONFIGS}/([^/:]+)$`), deleteConfig],
  ['GET', /^v1\/card$/, extendedCard],
];

function bodyOf({ request }: RestCall): unknown {
  if (request.body instanceof UnreadableBody) throw new RequestMalformedError(request.body.message);
  return request.body ?? {};
}

async function sendMessage(call: RestCall): Promise<unknown> {
  return eventJson(await call.endpoint.legacyRest.sendMessage(sentMessage(bodyOf(call)), call.context));
}

function streamMessage(call: RestCall): AsyncGenerator<unknown> {
  const sent = sentMessage(bodyOf(call));
  return asJson(() => call.endpoint.legacyRest.sendMessageStream(sent, call.context));
}

async function getTask({ endpoint, ids: [id = ''], query, context }: RestCall): Promise<unknown> {
  const historyLength = query.get('historyLength') ?? query.get('history_length') ?? undefined;
  return taskJson(await endpoint.legacyRest.getTask(id, context, historyLength));
}

async function cancelTask({ endpoint, ids: [id = ''], context }: RestCall): Promise<unknown> {
  return taskJson(await endpoint.legacyRest.cancelTask(id, context));
}

function subscribe({ endpoint, ids: [id = ''], context }: RestCall): AsyncGenerator<unknown> {
  return asJson(() => endpoint.legacyRest.resubscribe(id, context));
}

async function createConfig(call: RestCall): Promise<unknown> {
  const config = sentConfig(call.ids[0] ?? '', bodyOf(call));
  return configJson(await call.endpoint.legacyRest.setTaskPushNotificationConfig(config, call.context));
}

async function listConfigs({ endpoint, ids: [taskId = ''], context }: RestCall): Promise<unknown> {
  const configs = await endpoint.legacyRest.listTaskPushNotificationConfigs(taskId, context);
  return { configs: configs.map(configJson), nextPageToken: '' };
}

async function getConfig({ endpoint, ids: [taskId = '', id = ''], context }: RestCall): Promise<unknown> {
  return configJson(await endpoint.legacyRest.getTaskPushNotificationConfig(taskId, id, context));
}

async function deleteConfig({ endpoint, ids: [taskId = '', id = ''], context }: RestCall): Promise<unknown> {
  await endpoint.legacyRest.deleteTaskPushNotificationConfig(taskId, id, context);
  return {};
}

async function extendedCard({ endpoint, context }: RestCall): Promise<unknown> {
  return endpoint.legacyRest.getAuthenticatedExtendedAgentCard(context);
}

async function* asJson(begin: () => Promise<AsyncGenerator<LegacyEvent>>): AsyncGenerator<unknown> {
  for await (const event of await begin()) yield eventJson(event);
}
