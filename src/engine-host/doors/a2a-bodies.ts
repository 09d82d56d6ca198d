import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { errorText } from '../../kit/index.js';

/** A body that is no JSON, on its way to a door that answers it in its own protocol. */
export class UnreadableBody {
  constructor(readonly message: string) {}
}

/**
 * Teaches an application the bodies that A2A clients send: `application/a2a+json`, and empty ones. Where `isA2a` holds
 * for the URL, text that is no JSON reaches the controller as an {@link UnreadableBody}; elsewhere it is refused with 400.
 */
export function acceptA2aBodies(
  app: NestFastifyApplication,
  isA2a: (url: string) => boolean,
  bodyLimit = 10 << 20,
): void {
  for (const type of ['application/json', 'application/a2a+json']) {
    app.useBodyParser(type, { bodyLimit }, (request, body, done) => {
      if (body.length === 0) return done(null, undefined);
      try {
        return done(null, JSON.parse(body.toString('utf8')));
      } catch (error) {
        const refusal = `the body is not JSON: ${errorText(error)}`;
        if (isA2a(request.url ?? '')) return done(null, new UnreadableBody(refusal));
        return done(Object.assign(new Error(refusal), { statusCode: 400 }));
      }
    });
  }
}

/** Whether a URL belongs to the engines of {@link EnginesController}. */
export const isEngineUrl = (url: string): boolean => url.startsWith('/engines/');
