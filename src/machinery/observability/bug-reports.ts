import { Injectable } from '@nestjs/common';
import { RootLogger } from './root-logger.js';

/** Where errors go that nobody expected: logged with their stack and counted. A healthy process has none. */
@Injectable()
export class BugReports {
  private total = 0;

  constructor(private readonly logger: RootLogger) {}

  get count(): number {
    return this.total;
  }

  report(error: unknown, facts: object): void {
    this.total += 1;
    const err = error instanceof Error ? error : new Error(String(error));
    this.logger.error({ ...facts, bugs: this.total, err }, `A bug: ${err.message}`);
  }
}
