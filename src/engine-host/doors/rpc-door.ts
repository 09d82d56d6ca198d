import { isLegacyJsonRpcMethod, isV1JsonRpcMethod } from '@a2a-js/sdk/compat/v0_3';
import { LegacyJsonRpcTransportHandler } from '@a2a-js/sdk/compat/v0_3/server';
import { RequestMalformedError } from '@a2a-js/sdk/errors';
import { JsonRpcTransportHandler, validateVersion } from '@a2a-js/sdk/server';
import { UnreadableBody } from '../../machinery/http/json-bodies.js';
import { factsOf } from '../../machinery/http/request-facts.js';
import { refuseBodyType } from './body-type.js';
import { sendEvents } from './event-stream.js';
import { askedVersion, callContext, type Exchange, sayExtensions } from './exchange.js';
import { rpcError } from './rpc-error.js';

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;

/** Which member of their parameters names the task of a method. */
const NAMED_BY: Record<string, string[]> = {
  id: [
    ...['GetTask', 'CancelTask', 'SubscribeToTask', 'tasks/get', 'tasks/cancel', 'tasks/resubscribe'],
    ...['get', 'list', 'delete'].map((verb) => `tasks/pushNotificationConfig/${verb}`),
  ],
  taskId: [
    ...['Create', 'Get', 'Delete'].map((verb) => `${verb}TaskPushNotificationConfig`),
    ...['ListTaskPushNotificationConfigs', 'tasks/pushNotificationConfig/set'],
  ],
};

interface RpcRequest extends Record<string, unknown> {
  jsonrpc?: unknown;
  id?: unknown;
  method: string;
  params?: Record<string, unknown>;
}

/** JSON-RPC, protocol 1.0 and 0.3 at one URL: errors are answers with HTTP status 200, as A2A wants it. */
export async function answerRpc(exchange: Exchange): Promise<void> {
  const { endpoint, request, reply } = exchange;
  if (await refuseBodyType(request, reply)) return;
  const refusal = refusalOf(request.body);
  if (refusal) {
    await reply.status(200).send(refusal);
    return;
  }
  const body = request.body as RpcRequest;
  // The header wins; without one the spelling of the method tells the generation.
  const version = askedVersion(request) ?? (isV1JsonRpcMethod(body.method) ? '1.0' : '0.3');
  const legacy = version === '0.3' || (version !== '1.0' && isLegacyJsonRpcMethod(body.method));
  const unknown = unknownMethod(body, legacy);
  if (unknown) {
    await reply.status(200).send(unknown);
    return;
  }
  // Only here: in the body of any other request the same words mean nothing.
  factsOf(request).operation = body.method;
  const toWire = legacy
    ? LegacyJsonRpcTransportHandler.mapToLegacyJSONRPCError
    : JsonRpcTransportHandler.mapToJSONRPCError;
  const failure = (error: unknown) => ({ jsonrpc: '2.0', id: body.id ?? null, error: toWire(error) });
  const context = callContext(exchange, version);
  try {
    validateVersion(version, await endpoint.handler.getAgentCard(), 'JSONRPC');
    refuseNameless(body);
    // The path says which engine is meant; the SDK refuses a tenant given twice.
    if (body.params && typeof body.params === 'object') delete body.params.tenant;
    const answer: unknown = await (legacy ? endpoint.legacy : endpoint.current).handle(
      body as Record<string, unknown>,
      context,
    );
    if (isGenerator(answer)) {
      await sendEvents(reply, { events: answer, failure, beforeHeaders: () => sayExtensions(reply, context, legacy) });
      return;
    }
    sayExtensions(reply, context, legacy);
    await reply.status(200).type('application/json').send(answer);
  } catch (error) {
    if (!reply.sent) await reply.status(200).type('application/json').send(failure(error));
  }
}

function refusalOf(body: unknown): object | undefined {
  if (body instanceof UnreadableBody) return rpcError(PARSE_ERROR, body.message);
  if (Array.isArray(body)) return rpcError(INVALID_REQUEST, 'A2A has no batches: send one request at a time');
  if (typeof body !== 'object' || body === null) {
    return rpcError(INVALID_REQUEST, 'the body must be a JSON-RPC 2.0 request');
  }
  const { id, jsonrpc, method } = body as Record<keyof RpcRequest, unknown>;
  if (id !== undefined && id !== null && typeof id !== 'string' && !Number.isInteger(id)) {
    return rpcError(INVALID_REQUEST, 'id must be a string, a whole number or null');
  }
  if (jsonrpc !== '2.0') return rpcError(INVALID_REQUEST, 'jsonrpc must be "2.0"', id ?? null);
  if (typeof method !== 'string' || method === '')
    return rpcError(INVALID_REQUEST, 'method must be a text', id ?? null);
  return undefined;
}

/** Said before anything about parameters, which only a known method has. */
function unknownMethod({ method, id = null }: RpcRequest, legacy: boolean): object | undefined {
  const isKnown = legacy ? isLegacyJsonRpcMethod : isV1JsonRpcMethod;
  if (isKnown(method) && !Object.hasOwn(Object.prototype, method)) return undefined;
  return rpcError(
    METHOD_NOT_FOUND,
    `there is no method '${method.slice(0, 100)}' in protocol ${legacy ? '0.3' : '1.0'}`,
    id,
  );
}

/** Operations on a task name it. @throws RequestMalformedError */
function refuseNameless({ method, params }: RpcRequest): void {
  const member = Object.entries(NAMED_BY).find(([, methods]) => methods.includes(method))?.[0];
  if (member === undefined || typeof params !== 'object') return;
  const name = params?.[member];
  if (typeof name !== 'string' || name === '') throw new RequestMalformedError(`${member} must be the id of a task`);
}

const isGenerator = (value: unknown): value is AsyncGenerator<unknown> =>
  typeof (value as Partial<AsyncGenerator> | null)?.[Symbol.asyncIterator] === 'function';
