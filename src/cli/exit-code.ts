import { ArkError } from '../kit/errors/ark-error.js';
import { StatusError } from '../kube/api-server/status.js';

/** What a script can tell from `$?`. Part of the public interface: docs/reference/cli.md lists them. */
export const ExitCode = {
  ok: 0,
  /** The operation failed or was cancelled by somebody else. */
  failed: 1,
  /** The command line or a setting is wrong; nothing was tried. */
  usage: 2,
  timeout: 3,
  /** The query waits for a person. */
  needsPerson: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** An error of the command line itself: a wrong flag, two flags that exclude each other. */
export class UsageError extends ArkError {
  constructor(message: string) {
    super('Invalid', message, { reason: 'Usage' });
    this.name = 'UsageError';
  }
}

/** An end that already has its exit code, e.g. a query that failed. */
export class CommandFailure extends ArkError {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    reason: string,
    details: Record<string, unknown> = {},
  ) {
    super(exitCode === ExitCode.timeout ? 'Timeout' : 'Unavailable', message, { reason, details });
    this.name = 'CommandFailure';
  }
}

export function exitCodeOf(error: unknown): ExitCode {
  if ((error as Error)?.name === 'UsageError') return ExitCode.usage;
  if ((error as Error)?.name === 'CommandFailure') return (error as CommandFailure).exitCode;
  if (error instanceof ArkError && error.family === 'Timeout') return ExitCode.timeout;
  // A kubeconfig or a manifest that cannot be read; what a server finds invalid was tried.
  if (error instanceof ArkError && error.family === 'Invalid' && !StatusError.is(error)) return ExitCode.usage;
  return ExitCode.failed;
}
