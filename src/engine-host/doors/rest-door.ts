import {
  A2A_CONTENT_TYPE,
  ListTasksRequest,
  ListTasksResponse,
  SendMessageRequest,
  SendMessageResponse,
  StreamResponse,
  Task,
} from '@a2a-js/sdk';
import { A2AError, RequestMalformedError, restStatusFor, toRestErrorBody } from '@a2a-js/sdk/errors';
import { type ServerCallContext, validateVersion } from '@a2a-js/sdk/server';
import { UnreadableBody } from './a2a-bodies.js';
import { sendEvents } from './event-stream.js';
import { askedVersion, callContext, type Exchange, sayExtensions } from './exchange.js';

interface RestCall extends Exchange {
  context: ServerCallContext;
  id: string;
  query: URLSearchParams;
}

type Operation = (call: RestCall) => Promise<unknown> | AsyncGenerator<unknown>;

/** HTTP+JSON of protocol 1.0. Push notifications and extended cards are not served, as the card says. */
const OPERATIONS: [method: string, path: RegExp, operation: Operation][] = [
  ['POST', /^message:send$/, sendMessage],
  [
    'POST',
    /^message:stream$/,
    (call) => asJson(call.endpoint.handler.sendMessageStream(sendRequest(call), call.context)),
  ],
  ['GET', /^tasks$/, listTasks],
  ['GET', /^tasks\/([^/:]+)$/, getTask],
  ['POST', /^tasks\/([^/:]+):cancel$/, cancelTask],
  ['GET', /^tasks\/([^/:]+):subscribe$/, subscribe],
  ['POST', /^tasks\/([^/:]+):subscribe$/, subscribe],
];

/** Answers an operation of A2A's HTTP+JSON binding; errors carry the HTTP status that A2A gives them. */
export async function answerRest(exchange: Exchange): Promise<void> {
  const { endpoint, request, reply, tail } = exchange;
  const failure = (error: unknown) => toRestErrorBody(error, restStatusFor(error));
  const context = callContext(exchange, askedVersion(request) ?? '1.0');
  try {
    validateVersion(context.requestedVersion, await endpoint.handler.getAgentCard(), 'HTTP+JSON');
    const { operation, id } = find(request.method, tail);
    const query = new URL(request.url, 'http://engine').searchParams;
    const result = operation({ ...exchange, context, id, query });
    const beforeHeaders = () => sayExtensions(reply, context, false);
    if (Symbol.asyncIterator in result) {
      await sendEvents(reply, { events: result, failure, beforeHeaders });
      return;
    }
    const body = await result;
    beforeHeaders();
    await reply.status(200).type(A2A_CONTENT_TYPE).send(body);
  } catch (error) {
    if (!reply.sent) await reply.status(statusOf(error)).type(A2A_CONTENT_TYPE).send(failure(error));
  }
}

class NoSuchOperation extends A2AError {}

const statusOf = (error: unknown) => (error instanceof NoSuchOperation ? 404 : restStatusFor(error));

function find(method: string, path: string): { operation: Operation; id: string } {
  for (const [verb, pattern, operation] of OPERATIONS) {
    const match = verb === method && pattern.exec(path);
    if (match) return { operation, id: match[1] ?? '' };
  }
  throw new NoSuchOperation(`there is no operation ${method} ${path}`);
}

function sendRequest({ request }: RestCall): SendMessageRequest {
  if (request.body instanceof UnreadableBody) throw new RequestMalformedError(request.body.message);
  return SendMessageRequest.fromJSON(request.body ?? {});
}

async function sendMessage(call: RestCall): Promise<unknown> {
  const result = await call.endpoint.handler.sendMessage(sendRequest(call), call.context);
  const payload =
    'messageId' in result ? { $case: 'message' as const, value: result } : { $case: 'task' as const, value: result };
  return SendMessageResponse.toJSON({ payload });
}

async function listTasks({ endpoint, query, context }: RestCall): Promise<unknown> {
  const asked = { ...Object.fromEntries(query), ...numbers(query, 'pageSize', 'historyLength') };
  return ListTasksResponse.toJSON(await endpoint.handler.listTasks(ListTasksRequest.fromJSON(asked), context));
}

async function getTask({ endpoint, id, query, context }: RestCall): Promise<unknown> {
  const { historyLength } = numbers(query, 'historyLength');
  return Task.toJSON(await endpoint.handler.getTask({ tenant: '', id, historyLength }, context));
}

async function cancelTask({ endpoint, id, context }: RestCall): Promise<unknown> {
  return Task.toJSON(await endpoint.handler.cancelTask({ tenant: '', id, metadata: {} }, context));
}

function subscribe({ endpoint, id, context }: RestCall): AsyncGenerator<unknown> {
  return asJson(endpoint.handler.resubscribe({ tenant: '', id }, context));
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
