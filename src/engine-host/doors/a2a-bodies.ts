import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { JSON_TYPES, jsonParser } from '../../machinery/http/json-bodies.js';

/** On A2A paths text that is no JSON reaches the controller as an `UnreadableBody`; elsewhere it is refused with 400. */
@Injectable()
export class A2aBodies implements OnModuleInit {
  private readonly a2aPaths = [(url: string) => url.startsWith('/engines/')];

  constructor(private readonly host: HttpAdapterHost) {}

  /** Names further A2A paths. */
  accept(isA2a: (url: string) => boolean): void {
    this.a2aPaths.push(isA2a);
  }

  onModuleInit(): void {
    const { httpAdapter } = this.host;
    if (httpAdapter?.getType() !== 'fastify') return;
    const fastify = httpAdapter.getInstance<FastifyInstance>();
    const parse = jsonParser((url) => this.a2aPaths.some((isA2a) => isA2a(url)));
    for (const type of JSON_TYPES) {
      if (fastify.hasContentTypeParser(type)) fastify.removeContentTypeParser(type);
      fastify.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, parse);
    }
  }
}
