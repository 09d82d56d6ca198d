import { A2AError, RequestMalformedError } from '@a2a-js/sdk/errors';
import { ArkError } from '../kit/index.js';
import { ruleOf } from '../machinery/errors/families.js';
import type { BugReports } from '../machinery/observability/bug-reports.js';

/** JSON-RPC: the parameters are wrong. */
const INVALID_PARAMS = -32602;

/**
 * The A2A form of anything thrown. An error a person can act on keeps its text; a bug is reported with its stack and
 * says nothing to the caller.
 */
export function toA2aError(error: unknown, bugs: BugReports, facts: object = {}): A2AError {
  if (error instanceof A2AError) return error;
  if (!(error instanceof ArkError)) {
    bugs.report(error, facts);
    return new A2AError({ message: 'internal error: the log of this process says why', cause: error });
  }
  const options = { message: error.message, metadata: { reason: error.reason }, cause: error };
  return ruleOf(error).jsonRpcCode === INVALID_PARAMS ? new RequestMalformedError(options) : new A2AError(options);
}
