import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArkError } from '../../kit/index.js';
import { BugReports } from '../observability/bug-reports.js';
import { BodyRefusals } from './body-refusals.js';
import { type Problem, problemOf } from './problem.js';
import { tellWhenToAskAgain } from './retry-after.js';

/** Answers every refused request with a problem body; counts and logs bugs. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** Doors that say in their own protocol what is wrong with a body. */
  readonly bodies = new BodyRefusals();

  constructor(private readonly bugs: BugReports) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(error, request.originalUrl.split('?')[0]);
    if (problem.status >= 500 && !(error instanceof ArkError)) {
      this.bugs.report(error, { method: request.method, path: problem.instance });
    }
    // A stream that already began cannot become a problem body: cutting it is the only honest signal.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (this.bodies.tell(problem.status, problem.detail, request, reply)) return;
    tellWhenToAskAgain(error, reply);
    if (problem.status === 429 && isRpc(request.body)) {
      const refusal = { jsonrpc: '2.0', id: request.body.id ?? null, error: rpcErrorOf(problem) };
      void reply.status(429).header('content-type', 'application/json').send(JSON.stringify(refusal));
      return;
    }
    void reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
  }
}

/** The first of the codes that JSON-RPC leaves to servers. */
const SERVER_ERROR = -32_000;

const rpcErrorOf = ({ detail, reason }: Problem) => ({ code: SERVER_ERROR, message: detail, data: { reason } });

/** Clients of JSON-RPC that are told to wait read no problem bodies. */
const isRpc = (body: unknown): body is { id?: string | number | null } =>
  typeof body === 'object' && body !== null && (body as { jsonrpc?: unknown }).jsonrpc === '2.0';
