import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '../../kit/index.js';
import { ProblemFilter } from '../errors/problem.filter.js';
import { NestLog } from '../observability/nest-log.js';

/** A2A messages may carry files. */
const BODY_LIMIT = 10 * 1024 * 1024;
/** A client that does not finish its request in time is cut off. */
const REQUEST_WITHIN_MS = 60_000;

type Done = (error: Error | null, body?: unknown) => void;

/** A Nest application on Fastify as every role of this program uses it. Does not listen yet. */
export async function createHttpApplication(module: DynamicModule, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    // Open streams would otherwise hold the shutdown for ever.
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_WITHIN_MS,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLog(logger),
    abortOnError: false,
  });
  app.useGlobalFilters(app.get(ProblemFilter));
  for (const type of ['application/json', 'application/a2a+json']) app.useBodyParser(type, {}, parseJson);
  return app;
}

/** An empty body is legal: A2A's REST clients post `tasks/x:cancel` with a content type and no bytes. */
function parseJson(_request: unknown, body: Buffer, done: Done): void {
  if (body.length === 0) {
    done(null, undefined);
    return;
  }
  try {
    done(null, JSON.parse(body.toString('utf8')));
  } catch {
    done(Object.assign(new Error('The body is not valid JSON.'), { statusCode: 400 }));
  }
}
