import { ArkError, errorText, unavailable } from '../../kit/errors/ark-error.js';
import { StatusError } from '../../kube/api-server/status.js';
import type { Location } from '../cluster/locate.js';
import type { CliContext } from '../context.js';
import { paint } from '../terminal.js';

/** Prints an error to stderr: a sentence for people, `{error:{code,message,details}}` in json mode. */
export function reportError(thrown: unknown, context: CliContext): void {
  const { terminal } = context;
  const error = explainUnreachable(thrown, context.location);
  if (context.jsonErrors) {
    terminal.err(`${JSON.stringify({ error: describe(error) })}\n`);
    return;
  }
  terminal.err(`${paint(terminal, 'red', 'Error:')} ${errorText(error)}\n`);
  if (!(error instanceof ArkError) && terminal.env.DEBUG) terminal.err(`${(error as Error)?.stack ?? ''}\n`);
}

function describe(error: unknown): { code: string; message: string; details: Record<string, unknown> } {
  if (StatusError.is(error)) {
    return { code: error.statusReason, message: error.message, details: { ...error.statusDetails } };
  }
  if (error instanceof ArkError) return { code: error.reason, message: error.message, details: error.details };
  return { code: 'InternalError', message: errorText(error), details: {} };
}

/** Says plainly that an embedded runtime is not running, instead of "connection refused". */
function explainUnreachable(error: unknown, location: Location | undefined): unknown {
  if ((error as { reason?: string })?.reason !== 'ApiServerUnreachable' || !location?.dataDir) return error;
  return unavailable(
    `The runtime of ${location.dataDir} does not answer. Start it with "ark start --data-dir ${location.dataDir}". ` +
      `(${errorText(error)})`,
    { reason: 'RuntimeNotRunning', cause: error },
  );
}
