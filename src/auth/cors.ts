import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../machinery/settings/settings.js';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** What clients of the doors send, and what they may read of an answer. */
const SENT = 'authorization, content-type, accept, last-event-id, traceparent, tracestate, baggage, x-session-id';
const A2A = 'a2a-version, a2a-extensions, x-a2a-extensions';
const READ = `retry-after, www-authenticate, x-request-id, ${A2A}`;
const REMEMBER_SECONDS = 600;

/** Tells browsers which pages of other origins may use the doors: those that `ARK_CORS_ORIGINS` names, and no others. */
@Injectable()
export class Cors {
  private readonly origins: ReadonlySet<string>;

  constructor(host: HttpAdapterHost, { corsOrigins }: Settings) {
    this.origins = new Set(corsOrigins);
    if (corsOrigins.length === 0) return;
    host.httpAdapter.getInstance<FastifyInstance>().addHook('onRequest', (request, reply, done) => {
      if (!this.answers(request, reply)) done();
    });
  }

  /** Whether the request was the browser's own question, and needs no other answer. */
  private answers({ headers, method }: FastifyRequest, reply: FastifyReply): boolean {
    void reply.header('vary', 'origin');
    const { origin } = headers;
    if (origin === undefined || !this.origins.has(origin)) return false;
    void reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', READ);
    if (method !== 'OPTIONS' || !headers['access-control-request-method']) return false;
    void reply
      .header('access-control-allow-methods', METHODS)
      .header('access-control-allow-headers', `${SENT}, ${A2A}`)
      .header('access-control-max-age', String(REMEMBER_SECONDS))
      .status(204)
      .send();
    return true;
  }
}
