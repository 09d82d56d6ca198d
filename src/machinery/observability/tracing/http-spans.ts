import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenSpan, Tracing } from './tracing.js';

/** Probes and scrapes come every few seconds and tell nothing. */
const QUIET = /^\/(livez|readyz|healthz|health|metrics)$/;

/** Continues the traces of clients: each request becomes a span, of the route and not of the address. */
export function traceRequests(app: NestFastifyApplication, tracing: Tracing): void {
  if (!tracing.isRecording) return;
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  const fastify = app.getHttpAdapter().getInstance();
  // Once the body was read: before that, what follows is called from the connection and not from here.
  fastify.addHook('preValidation', (request: FastifyRequest, _: FastifyReply, next: () => void) => {
    const route = request.routeOptions.url ?? '';
    if (QUIET.test(route)) return next();
    const span = tracing.serve(`${request.method} ${route}`, request.headers, next);
    span.set({ 'http.request.method': request.method, 'http.route': route });
    spans.set(request, span);
  });
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const span = spans.get(request);
    span?.set({ 'http.response.status_code': reply.statusCode });
    span?.end(reply.statusCode >= 500 ? String(reply.statusCode) : undefined);
    done();
  });
}
