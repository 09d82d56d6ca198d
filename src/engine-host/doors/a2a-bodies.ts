import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { errorText } from '../../kit/index.js';

/** A body that is no JSON, on its way to a door that answers it in its own protocol. */
export class UnreadableBody {
  constructor(readonly message: string) {}
}

const TYPES = ['application/json', 'application/a2a+json'];

/**
 * Teaches the application the bodies that A2A clients send: `application/a2a+json`, and empty ones. On A2A paths text
 * that is no JSON reaches the controller as an {@link UnreadableBody}; elsewhere it is refused with 400.
 */
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
    for (const type of TYPES) {
      if (fastify.hasContentTypeParser(type)) fastify.removeContentTypeParser(type);
      fastify.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, (request, body, done) => {
        if (body.length === 0) return done(null, undefined);
        try {
          return done(null, JSON.parse(body.toString('utf8')));
        } catch (error) {
          const refusal = `the body is not JSON: ${errorText(error)}`;
          if (this.a2aPaths.some((isA2a) => isA2a(request.url))) return done(null, new UnreadableBody(refusal));
          return done(Object.assign(new Error(refusal), { statusCode: 400 }), undefined);
        }
      });
    }
  }
}
