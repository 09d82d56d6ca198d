import { type CanActivate, type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteAccess } from '../machinery/http/route-access.js';
import { askBeforeBodies, passAdmission } from './before-bodies.js';
import { unauthenticated } from './credential.js';
import { sameSecret } from './key-text.js';
import { FailureLimit } from './limits/failure-limit.js';

/** The guard of a process of engines: one token opens all of its doors but those that are open to anybody. */
@Injectable()
export class EngineTokenGuard implements CanActivate {
  private readonly limit = new FailureLimit();

  constructor(
    host: HttpAdapterHost,
    private readonly token: string,
  ) {
    askBeforeBodies(host, (request, reply, access) => this.admit(request, reply, access));
  }

  canActivate(context: ExecutionContext): boolean {
    return passAdmission(context.switchToHttp().getRequest<FastifyRequest>());
  }

  private admit({ headers, ip }: FastifyRequest, reply: FastifyReply, access?: RouteAccess): void {
    if (access && 'open' in access) return;
    // Who has guessed too often is not told whether the next guess is right.
    this.limit.check(ip);
    const [, given = ''] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
    if (!sameSecret(given, this.token)) throw this.refusal(headers.authorization, ip, reply);
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
