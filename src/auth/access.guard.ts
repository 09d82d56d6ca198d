import { type CanActivate, type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArkError, denied, invalid } from '../kit/index.js';
import { type Caller, setCaller } from '../machinery/http/caller.js';
import { DoorProofs } from '../machinery/http/door-proofs.js';
import { factsOf } from '../machinery/http/request-facts.js';
import type { AccessScope, AccessVerb, RouteAccess } from '../machinery/http/route-access.js';
import { Settings } from '../machinery/settings/settings.js';
import { Authentication } from './authentication.js';
import { askBeforeBodies, passAdmission } from './before-bodies.js';
import { challengeOf } from './challenge.js';
import { networkOf } from './limits/network-of.js';
import { RateLimit } from './limits/rate-limit.js';
import { TooMany } from './limits/too-many.js';

const READS = ['GET', 'HEAD'];

/** The one guard of every HTTP door: who asks, how often, and whether they may. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly rate: RateLimit;

  constructor(
    host: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly authentication: Authentication,
    private readonly proofs: DoorProofs,
  ) {
    this.rate = new RateLimit(settings.rateLimitPerMinute);
    askBeforeBodies(host, (request, reply, access) => this.admit(request, reply, access));
  }

  canActivate(context: ExecutionContext): boolean {
    return passAdmission(context.switchToHttp().getRequest<FastifyRequest>());
  }

  private async admit(request: FastifyRequest, reply: FastifyReply, access?: RouteAccess): Promise<void> {
    // The start refuses such a route; a door that says nothing stays closed whatever happens.
    if (!access) throw denied('this route does not declare who may use it');
    if ('open' in access) return refuseBorrowedNames(request);
    const verb = access.verb === 'by-method' ? (READS.includes(request.method) ? 'read' : 'use') : access.verb;
    // First of all: what is refused below is written down, too.
    factsOf(request).verb = verb;
    refuseBorrowedNames(request);
    if (this.settings.authMode.length === 0 || access.openIf?.(this.settings)) {
      return this.rate.take((await this.provenName(request)) ?? networkOf(request.ip));
    }
    const caller = await this.callerOf(request, reply);
    setCaller(request, caller);
    this.rate.take(countedAs(caller));
    const namespace = this.namespaceOf(request, access.scope);
    if (!(await caller.may(verb, namespace))) throw refusal(caller.name, verb, namespace);
  }

  private async callerOf(request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    try {
      return await this.authentication.callerOf(request.headers.authorization, request.ip);
    } catch (error) {
      if (error instanceof HttpException && !(error instanceof TooMany)) {
        void reply.header('www-authenticate', challengeOf(request, this.proofs));
      }
      throw error;
    }
  }

  /** Who shows a credential at a route that answers anybody is counted by it; one that is not good counts for nothing. */
  private async provenName({ headers: { authorization }, ip }: FastifyRequest): Promise<string | undefined> {
    if (this.settings.authMode.length === 0 || authorization === undefined) return undefined;
    try {
      return countedAs(await this.authentication.callerOf(authorization, ip));
    } catch (error) {
      if (error instanceof HttpException || error instanceof ArkError) return undefined;
      throw error;
    }
  }

  /** The same namespace that the route will work in. */
  private namespaceOf({ params, query }: FastifyRequest, scope: AccessScope): string | undefined {
    if (scope === 'every') return undefined;
    const inPath = (params as { namespace?: string }).namespace;
    if (inPath !== undefined) return inPath;
    if (scope === 'own') return this.settings.namespace;
    const given = (query as { namespace?: unknown }).namespace;
    if (given !== undefined && typeof given !== 'string') throw invalid('namespace may be given once');
    if (scope === 'asked-or-own') return given ?? this.settings.namespace;
    return given || 'default';
  }
}

const countedAs = ({ id, name }: Caller): string => id ?? name;

/** In whose name something is done is never the sender's to say. */
function refuseBorrowedNames({ headers }: FastifyRequest): void {
  const name = Object.keys(headers).find((header) => header.startsWith('impersonate-'));
  if (name) throw denied(`the header ${name} is not accepted: callers act in their own name`, { reason: 'Forbidden' });
}

const WORDS: Record<AccessVerb, string> = {
  read: 'read',
  use: 'use agents and write',
  change: 'remove things',
  administer: 'manage API keys',
};

function refusal(name: string, verb: AccessVerb, namespace: string | undefined) {
  const where = namespace === undefined ? 'in every namespace' : `in namespace '${namespace}'`;
  return denied(`${name} may not ${WORDS[verb]} ${where}: ask an admin for a role that may`, {
    reason: 'Forbidden',
    details: { verb, ...(namespace === undefined ? {} : { namespace }) },
  });
}
