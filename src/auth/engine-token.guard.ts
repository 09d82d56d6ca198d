import { type CanActivate, type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from '../machinery/http/route-access.js';
import { unauthenticated } from './credential.js';
import { sameSecret } from './key-text.js';
import { FailureLimit } from './limits/failure-limit.js';

/** The guard of a process of engines: one token opens all of its doors but those that are open to anybody. */
@Injectable()
export class EngineTokenGuard implements CanActivate {
  private readonly limit = new FailureLimit();

  constructor(private readonly token: string) {}

  canActivate(context: ExecutionContext): boolean {
    const access = accessOf(context.getHandler());
    if (access && 'open' in access) return true;
    const { headers, ip } = context.switchToHttp().getRequest<FastifyRequest>();
    // Who has guessed too often is not told whether the next guess is right.
    this.limit.check(ip);
    const [, given = ''] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
    if (sameSecret(given, this.token)) return true;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    throw this.refusal(headers.authorization, ip, reply);
  }

  private refusal(header: string | undefined, address: string, reply: FastifyReply): HttpException {
    this.limit.count(address);
    void reply.header('www-authenticate', 'Bearer realm="ark engine"');
    const next =
      'send the header "Authorization: Bearer <token of the engine>", as spec.headers of its ExecutionEngine';
    return unauthenticated(
      header === undefined ? `no credentials: ${next}` : 'the token is not the one of this engine',
    );
  }
}
