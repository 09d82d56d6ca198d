import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ArkError } from '../../kit/index.js';
import { problemOf } from '../../machinery/errors/problem.js';
import { rpcError } from './rpc-door.js';

const INVALID_PARAMS = -32602;

/** 404 for an endpoint that does not exist, in the form of whoever asks: JSON-RPC for a POST, else a problem. */
export async function answerUnknown(error: ArkError, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.method === 'POST') {
    const id = (request.body as { id?: unknown } | null)?.id ?? null;
    await reply
      .status(404)
      .type('application/json')
      .send(rpcError(INVALID_PARAMS, error.message, id));
    return;
  }
  await reply
    .status(404)
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(error, request.url)));
}
