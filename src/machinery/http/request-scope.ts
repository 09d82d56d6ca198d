import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { type Caller, callerOf } from './caller.js';

/** Which request the present work belongs to, for what is called deep below its handler. */
@Injectable()
export class RequestScope {
  private readonly requests = new AsyncLocalStorage<object>();

  constructor(host: HttpAdapterHost) {
    const fastify = host.httpAdapter.getInstance<FastifyInstance>();
    // Not earlier: reading the body leaves the scope again.
    fastify.addHook('preHandler', (request, _reply, done) => this.requests.run(request, done));
  }

  /** Absent outside requests, and where nobody was asked who it is. */
  caller(): Caller | undefined {
    const request = this.requests.getStore();
    return request && callerOf(request);
  }
}
