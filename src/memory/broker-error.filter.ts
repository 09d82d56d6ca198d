import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { ArkError } from '../kit/index.js';
import { problemOf } from '../machinery/errors/problem.js';
import { tellWhenToAskAgain } from '../machinery/errors/retry-after.js';
import { BugReports } from '../machinery/observability/bug-reports.js';
import { REQUEST_ID, requestIdOf } from './request-id.interceptor.js';

interface Request {
  url: string;
  method: string;
  headers: Record<string, string | string[] | undefined>;
}

interface Reply {
  sent: boolean;
  raw: { headersSent: boolean; destroy(): void };
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  getHeader(name: string): string | undefined;
  send(body: object): unknown;
}

/** Errors in the shape that clients of Ark's broker read: `{"error": {"code", "message", "requestId"}}`. */
@Catch()
export class BrokerErrorFilter implements ExceptionFilter {
  constructor(private readonly bugs: BugReports) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const reply = host.switchToHttp().getResponse<Reply>();
    const problem = problemOf(error);
    if (problem.status >= 500 && !(error instanceof ArkError)) {
      this.bugs.report(error, { method: request.method, path: request.url.split('?')[0] });
    }
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    tellWhenToAskAgain(error, reply);
    const requestId = reply.getHeader(REQUEST_ID) ?? requestIdOf(request.headers);
    // Ark's broker knows no 422.
    const status = problem.status === 422 ? 400 : problem.status;
    const body = { code: codeOf(error, status), message: problem.detail, requestId };
    void reply.status(status).header(REQUEST_ID, requestId).send({ error: body });
  }
}

function codeOf(error: unknown, status: number): string {
  if (error instanceof ArkError && error.reason === 'PAGINATION_ERROR') return error.reason;
  if (error instanceof ArkError && error.family === 'Invalid') return 'VALIDATION_ERROR';
  if (status === 404) return 'NOT_FOUND';
  if (status === 400) return 'BAD_REQUEST';
  return status < 500 ? 'REQUEST_ERROR' : 'INTERNAL_ERROR';
}
