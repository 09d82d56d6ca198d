import type { IncomingMessage } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../kit/index.js';
import { ProblemFilter } from '../errors/problem.filter.js';
import { problemOf } from '../errors/problem.js';
import { countRequests } from '../observability/metrics/http-metrics.js';
import { NestLog } from '../observability/nest-log.js';
import { traceRequests } from '../observability/tracing/http-spans.js';
import { Tracing } from '../observability/tracing/tracing.js';
import { boundBodies } from './bodies-under-way.js';
import { JSON_TYPES, jsonParser } from './json-bodies.js';

/** A2A messages may carry files. */
const BODY_LIMIT = 10 * 1024 * 1024;
/** A client that does not finish its request in time is cut off. */
const REQUEST_WITHIN_MS = 60_000;

export interface DoorOptions {
  /** Addresses and networks whose `X-Forwarded-For` is believed, e.g. `10.0.0.0/8`. */
  trustedProxies?: readonly string[];
  /** The path under which a request is answered. Default: the one it asks for. */
  pathOf?: (request: IncomingMessage) => string;
  /** Resolves when nothing is under way that a stop should wait for. Default: a stop waits for nothing. */
  answered?: () => Promise<unknown>;
}

/** Closes connections only when nobody waits for an answer on them any more. */
class PatientAdapter extends FastifyAdapter {
  answered: () => Promise<unknown> = async () => undefined;

  override async close(): Promise<void> {
    await this.answered();
    await super.close();
  }
}

/** A Nest application on Fastify as every role of this program uses it. Does not listen yet. */
export async function createHttpApplication(
  module: DynamicModule,
  logger: Logger,
  { trustedProxies = [], pathOf, answered }: DoorOptions = {},
): Promise<NestFastifyApplication> {
  const adapter = new PatientAdapter({
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // Open streams would otherwise hold the shutdown for ever.
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    ...(pathOf ? { rewriteUrl: (request: IncomingMessage) => pathOf(request) } : {}),
    requestTimeout: REQUEST_WITHIN_MS,
    // What the router refuses itself, before any route: addresses that cannot be read.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(error, request.url.split('?')[0]);
      void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
    },
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
  });
  if (answered) adapter.answered = answered;
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLog(logger),
    abortOnError: false,
    // JSON is what doors read; forms are what pages of others may send.
    bodyParser: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  boundBodies(fastify, BODY_LIMIT);
  countRequests(app);
  traceRequests(app, app.get(Tracing));
  app.useGlobalFilters(app.get(ProblemFilter));
  for (const type of JSON_TYPES)
    app.useBodyParser(
      type,
      {},
      jsonParser(() => false),
    );
  return app;
}
