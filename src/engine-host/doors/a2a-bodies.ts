import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { ProblemFilter } from '../../machinery/errors/problem.filter.js';
import { JSON_TYPES, jsonParser } from '../../machinery/http/json-bodies.js';
import { refuseBody } from './refused-body.js';

/**
 * On A2A paths text that is no JSON reaches the controller as an `UnreadableBody`, and a body that is too large is refused
 * in the words of A2A; elsewhere both become problems.
 */
@Injectable()
export class A2aBodies implements OnModuleInit {
  private readonly a2aPaths = [(url: string) => url.startsWith('/engines/')];

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly problems: ProblemFilter,
  ) {}

  /** Names further A2A paths. */
  accept(isA2a: (url: string) => boolean): void {
    this.a2aPaths.push(isA2a);
  }

  onModuleInit(): void {
    const { httpAdapter } = this.host;
    if (httpAdapter?.getType() !== 'fastify') return;
    const fastify = httpAdapter.getInstance<FastifyInstance>();
    const parse = jsonParser((url) => this.isA2a(url));
    this.problems.bodies.add((status, detail, request, reply) => {
      if (!this.isA2a(request.url)) return false;
      void refuseBody(status, detail, request, reply);
      return true;
    });
    for (const type of JSON_TYPES) {
      if (fastify.hasContentTypeParser(type)) fastify.removeContentTypeParser(type);
      fastify.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, parse);
    }
  }

  private isA2a(url: string): boolean {
    return this.a2aPaths.some((isA2a) => isA2a(url));
  }
}
