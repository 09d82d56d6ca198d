import { A2A_CONTENT_TYPE } from '@a2a-js/sdk';
import { toLegacyHTTPError } from '@a2a-js/sdk/compat/v0_3/server';
import { restStatusFor, toRestErrorBody } from '@a2a-js/sdk/errors';
import { validateVersion } from '@a2a-js/sdk/server';
import { refuseBodyType } from './body-type.js';
import { sendEvents } from './event-stream.js';
import { askedVersion, callContext, type Exchange, sayExtensions } from './exchange.js';
import { LEGACY_OPERATIONS } from './rest-0-3/operations.js';
import { findOperation, NoSuchOperation, OPERATIONS } from './rest-operations.js';

const LEGACY = '0.3';
const METHOD_NOT_FOUND = -32601;

/**
 * Answers an operation of A2A's HTTP+JSON binding, of protocol 0.3 below `v1/`, of 1.0 else; errors carry the HTTP status
 * that A2A gives them.
 */
export async function answerRest(exchange: Exchange): Promise<void> {
  const { endpoint, request, reply, tail } = exchange;
  if (await refuseBodyType(request, reply)) return;
  const legacy = isLegacy(tail);
  const failure = (error: unknown) => (legacy ? legacyFailure(error) : toRestErrorBody(error, statusOf(error)));
  const type = legacy ? 'application/json' : A2A_CONTENT_TYPE;
  const context = callContext(exchange, askedVersion(request) ?? (legacy ? LEGACY : '1.0'));
  try {
    validateVersion(context.requestedVersion, await endpoint.handler.getAgentCard(), 'HTTP+JSON');
    if (legacy !== (context.requestedVersion === LEGACY)) throw elsewhere(context.requestedVersion);
    const { operation, ids } = findOperation(legacy ? LEGACY_OPERATIONS : OPERATIONS, request.method, tail);
    const query = new URL(request.url, 'http://endpoint').searchParams;
    const result = operation({ ...exchange, context, ids, query });
    const beforeHeaders = () => sayExtensions(reply, context, legacy);
    if (Symbol.asyncIterator in result) {
      await sendEvents(reply, { events: result, failure, beforeHeaders });
      return;
    }
    const body = await result;
    beforeHeaders();
    await reply.status(200).type(type).send(body);
  } catch (error) {
    // Not A2A's own type: errors here are what Google's APIs answer (AIP-193).
    if (!reply.sent) await reply.status(statusOf(error)).type('application/json').send(failure(error));
  }
}

const isLegacy = (tail: string): boolean => tail.startsWith('v1/');

const elsewhere = (version: string) =>
  new NoSuchOperation(`protocol ${version} has its operations ${version === LEGACY ? 'below' : 'beside'} v1/`);

const legacyFailure = (error: unknown) =>
  error instanceof NoSuchOperation ? { code: METHOD_NOT_FOUND, message: error.message } : toLegacyHTTPError(error);

const statusOf = (error: unknown) => (error instanceof NoSuchOperation ? 404 : restStatusFor(error));
