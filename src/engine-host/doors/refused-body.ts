import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from './refusal.js';

const INVALID_REQUEST = -32600;
const WRONG_CONTENT_TYPE = -32005;
const UNSUPPORTED_MEDIA_TYPE = 415;
const BAD_REQUEST = 400;
/**
 * Who sends a body hears an answer only after all of it, or finds the connection broken: so many bytes are read and
 * thrown away, and for so long.
 */
const MOST_READ = 32 << 20;
const READ_WITHIN_MS = 10_000;
const ENDS = ['end', 'close', 'error'];

/** Says in A2A's words that a body is too large, or of a type that A2A does not have. */
export async function refuseBody(
  restStatus: number,
  message: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  await drained(request.raw);
  if (reply.sent) return;
  const path = request.url.split('?')[0] ?? '';
  const isType = restStatus === UNSUPPORTED_MEDIA_TYPE;
  const refusal = isType
    ? { code: WRONG_CONTENT_TYPE, message: `${message}: send application/json`, restStatus: BAD_REQUEST }
    : { code: INVALID_REQUEST, message, restStatus };
  await refuse({ ...refusal, rpcStatus: 200 }, path, reply);
}

function drained(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let read = 0;
    const count = (chunk: Buffer) => {
      read += chunk.length;
      if (read > MOST_READ) done();
    };
    const done = () => {
      clearTimeout(timer);
      for (const end of ENDS) request.off(end, done);
      request.off('data', count);
      resolve();
    };
    const timer = setTimeout(done, READ_WITHIN_MS).unref();
    for (const end of ENDS) request.on(end, done);
    request.on('data', count);
    request.resume();
  });
}
