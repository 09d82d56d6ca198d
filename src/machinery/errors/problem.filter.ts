import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { ArkError } from '../../kit/index.js';
import { BugReports } from '../observability/bug-reports.js';
import { problemOf } from './problem.js';

interface Reply {
  sent: boolean;
  raw: { headersSent: boolean; destroy(): void };
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: string): unknown;
}

/** Answers every refused request with a problem body; counts and logs bugs. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly bugs: BugReports) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<{ url: string; method: string }>();
    const reply = host.switchToHttp().getResponse<Reply>();
    const problem = problemOf(error, request.url.split('?')[0]);
    if (problem.status >= 500 && !(error instanceof ArkError)) {
      this.bugs.report(error, { method: request.method, path: problem.instance });
    }
    // A stream that already began cannot become a problem body: cutting it is the only honest signal.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (error instanceof ArkError && error.retryAfterMs !== undefined) {
      reply.header('retry-after', String(Math.ceil(error.retryAfterMs / 1000)));
    }
    void reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
  }
}
