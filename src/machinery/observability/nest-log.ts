import type { LoggerService } from '@nestjs/common';
import type { Logger } from '../../kit/index.js';

/** Nest's own log lines as ours. Its start-up chatter is only of interest when debugging. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(facts(rest), String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(facts(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(facts(rest), String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(facts(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    if (message instanceof Error) this.logger.error({ ...facts(rest), err: message }, message.message);
    else this.logger.error(facts(rest), String(message));
  }
}

/** Nest appends the context last and, for errors, the stack before it. */
function facts(rest: unknown[]): object {
  const nest = rest.at(-1);
  const stack = rest.length > 1 ? rest[0] : undefined;
  return { ...(nest === undefined ? {} : { nest }), ...(stack === undefined ? {} : { stack }) };
}
