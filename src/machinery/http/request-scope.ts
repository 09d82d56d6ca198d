import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { type ObjectKey, type ResourceClass, resourceType } from '../../kit/index.js';
import { type Caller, callerOf } from './caller.js';
import { factsOf } from './request-facts.js';

/** Which request the present work belongs to, for what is called deep below its handler. */
@Injectable()
export class RequestScope {
  private readonly requests = new AsyncLocalStorage<object>();

  constructor(host: HttpAdapterHost) {
    const fastify = host.httpAdapter.getInstance<FastifyInstance>();
    // Not earlier: reading the body leaves the scope again.
    fastify.addHook('preHandler', (request, _reply, done) => this.requests.run(request, done));
  }

  /** Notes for the audit log which object came of the request or was changed by it. */
  note(kind: ResourceClass, { namespace, name }: ObjectKey): void {
    const request = this.requests.getStore();
    const { plural } = resourceType(kind);
    if (request) factsOf(request).object = [plural, namespace, name].filter(Boolean).join('/');
  }

  /** Absent outside requests, and where nobody was asked who it is. */
  caller(): Caller | undefined {
    const request = this.requests.getStore();
    return request && callerOf(request);
  }
}
