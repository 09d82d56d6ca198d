import { ContentTypeNotSupportedError, RequestMalformedError, toRestErrorBody } from '@a2a-js/sdk/errors';
import type { FastifyReply } from 'fastify';
import { rpcError } from './rpc-error.js';

const WRONG_CONTENT_TYPE = -32005;

/** Why a request reaches no operation, whichever binding of A2A it speaks. */
export interface Refusal {
  /** Of JSON-RPC and of protocol 0.3. */
  code: number;
  message: string;
  /** Where HTTP+JSON is spoken. */
  restStatus: number;
  /** Where JSON-RPC is spoken. */
  rpcStatus: number;
  /** Of the JSON-RPC request, as far as it is known. */
  id?: unknown;
}

/** Paths of HTTP+JSON; below `v1/` those of protocol 0.3. Everything else that is posted is JSON-RPC. */
const REST = /(^|\/)(message:(send|stream)|tasks(\/[^/]+(:[a-z]+|\/pushNotificationConfigs(\/[^/]+)?)?)?)$/;
const LEGACY_REST = /(^|\/)v1\/[^/]+/;

export const isRest = (path: string): boolean => REST.test(path);

/** Refuses in the words of the binding that is spoken at a path. */
export async function refuse(refusal: Refusal, path: string, reply: FastifyReply): Promise<void> {
  const { code, message, restStatus, rpcStatus, id } = refusal;
  if (!isRest(path)) {
    await reply
      .status(rpcStatus)
      .type('application/json')
      .send(rpcError(code, message, id));
  } else if (LEGACY_REST.test(path)) {
    await reply.status(restStatus).type('application/json').send({ code, message });
  } else {
    await reply
      .status(restStatus)
      .type('application/json')
      .send(toRestErrorBody(errorOf(refusal), restStatus));
  }
}

function errorOf({ code, message, restStatus }: Refusal): Error {
  if (restStatus === 404) return new Error(message);
  return code === WRONG_CONTENT_TYPE ? new ContentTypeNotSupportedError(message) : new RequestMalformedError(message);
}
