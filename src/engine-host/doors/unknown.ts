import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ArkError } from '../../kit/index.js';
import { problemOf } from '../../machinery/errors/problem.js';
import { isRest, refuse } from './refusal.js';

const INVALID_PARAMS = -32602;
const NOT_FOUND = 404;

/** 404 for an endpoint that does not exist, in the form of whoever asks: that of its A2A binding, else a problem. */
export async function answerUnknown(error: ArkError, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const path = request.url.split('?')[0] ?? '';
  if (request.method === 'POST' || isRest(path)) {
    const id = (request.body as { id?: unknown } | null | undefined)?.id ?? null;
    const status = { restStatus: NOT_FOUND, rpcStatus: NOT_FOUND };
    return refuse({ code: INVALID_PARAMS, message: error.message, id, ...status }, path, reply);
  }
  await reply
    .status(NOT_FOUND)
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(error, request.url)));
}
