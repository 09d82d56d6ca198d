import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Metrics } from '../../../kit/index.js';

/** Counts the requests of the HTTP door by route, not by address: those are as many as clients make up. */
export function countRequests(app: NestFastifyApplication): void {
  const requests = app.get(Metrics).histogram({
    name: 'ark_http_request_duration_seconds',
    help: 'HTTP requests by route, until the last byte of the answer; streams last as long as they are read.',
    labels: ['method', 'route', 'code'],
  });
  const count = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, code: String(reply.statusCode) };
    requests.observe(reply.elapsedTime / 1000, labels);
    done();
  };
  app.getHttpAdapter().getInstance().addHook('onResponse', count);
}
