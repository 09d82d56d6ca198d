import { A2A_CONTENT_TYPE } from '@a2a-js/sdk';
import { restStatusFor, toRestErrorBody } from '@a2a-js/sdk/errors';
import { validateVersion } from '@a2a-js/sdk/server';
import { sendEvents } from './event-stream.js';
import { askedVersion, callContext, type Exchange, sayExtensions } from './exchange.js';
import { findOperation, NoSuchOperation } from './rest-operations.js';

/** Answers an operation of A2A's HTTP+JSON binding; errors carry the HTTP status that A2A gives them. */
export async function answerRest(exchange: Exchange): Promise<void> {
  const { endpoint, request, reply, tail } = exchange;
  const failure = (error: unknown) => toRestErrorBody(error, statusOf(error));
  const context = callContext(exchange, askedVersion(request) ?? '1.0');
  try {
    validateVersion(context.requestedVersion, await endpoint.handler.getAgentCard(), 'HTTP+JSON');
    const { operation, ids } = findOperation(request.method, tail);
    const query = new URL(request.url, 'http://endpoint').searchParams;
    const result = operation({ ...exchange, context, ids, query });
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

const statusOf = (error: unknown) => (error instanceof NoSuchOperation ? 404 : restStatusFor(error));
