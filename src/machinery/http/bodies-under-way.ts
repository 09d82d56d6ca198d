import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unavailable } from '../../kit/index.js';
import { JSON_TYPES } from './json-bodies.js';

/** Bodies that are being read hold so many bytes in all, and a few times as much while they are parsed. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Smaller ones are not counted: who asks something never waits because others send files. */
const COUNTED_FROM_BYTES = 64 * 1024;
const AGAIN_AFTER_MS = 2_000;

/** How many bytes a request says its body has: none, or endless where it comes in chunks. */
export function announcedBytes(headers: IncomingHttpHeaders): number {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Number.POSITIVE_INFINITY;
}

/** Takes a request for one without a body. What comes of it is thrown away once there is an answer. */
export function leaveBodyUnread({ raw: { headers } }: FastifyRequest): void {
  for (const name of ['content-length', 'content-type', 'transfer-encoding']) delete headers[name];
}

/**
 * Answers 503 with `Retry-After` to who sends a large body while too many others do. Counts what is read as a whole, which
 * JSON is; what is longer than `limit` is refused without it.
 */
export function boundBodies(server: FastifyInstance, limit: number): void {
  const reading = new Map<FastifyRequest, number>();
  let bytes = 0;
  const end = (request: FastifyRequest) => {
    bytes -= reading.get(request) ?? 0;
    reading.delete(request);
  };
  server.addHook('preParsing', (request, reply, payload, done) => {
    const announced = countedBytes(request, limit);
    // Who has gone while it was found out who they are says so no more.
    const isGone = request.raw.destroyed || request.raw.socket.destroyed || reply.raw.closed;
    if (announced === 0 || isGone) return done(null, payload);
    if (bytes + announced > MOST_BYTES) return done(tooManyBytes());
    bytes += announced;
    reading.set(request, announced);
    // Also when the client hangs up.
    reply.raw.once('close', () => end(request));
    request.raw.once('close', () => end(request));
    done(null, payload);
  });
  server.addHook('preValidation', (request, _reply, done) => {
    end(request);
    done();
  });
}

function countedBytes({ headers }: FastifyRequest, limit: number): number {
  const announced = announcedBytes(headers);
  if (announced < COUNTED_FROM_BYTES || !isJson(headers['content-type'])) return 0;
  if (announced <= limit) return announced;
  return announced === Number.POSITIVE_INFINITY ? limit : 0;
}

const isJson = (type = ''): boolean => JSON_TYPES.includes(type.split(';')[0]?.trim().toLowerCase() ?? '');

const tooManyBytes = () =>
  unavailable(`bodies of ${MOST_BYTES / 1024 / 1024} MiB are being read already: send this one again in some seconds`, {
    retryAfterMs: AGAIN_AFTER_MS,
  });
