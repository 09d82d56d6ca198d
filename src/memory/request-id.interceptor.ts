import { randomUUID } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

export const REQUEST_ID = 'x-request-id';
const LONGEST = 200;

/** The id that the client gave its request, else a fresh one. */
export function requestIdOf(headers: Record<string, string | string[] | undefined>): string {
  const given = headers[REQUEST_ID];
  return typeof given === 'string' && given !== '' && given.length <= LONGEST ? given : randomUUID();
}

/** Gives every answer the id of its request, as Ark's broker does. */
@Injectable()
export class RequestIdInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const id = requestIdOf(http.getRequest<FastifyRequest>().headers);
    void http.getResponse<FastifyReply>().header(REQUEST_ID, id);
    return next.handle();
  }
}
