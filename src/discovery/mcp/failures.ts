import { ArkError, denied, errorText, invalid, timeout, unavailable } from '../../kit/index.js';
import type { Challenge } from '../guarded-http.js';

/** What the MCP SDK and the wire throw, as far as it is looked at. */
interface Failure {
  name?: string;
  message?: string;
  code?: unknown;
  status?: unknown;
  data?: { status?: unknown };
  cause?: unknown;
  issues?: unknown;
}

/** HTTP status of a failure, wherever in its causes it is told. */
export function statusOf(error: unknown): number | undefined {
  for (const { status, data, code, name } of causes(error)) {
    if (typeof status === 'number') return status;
    if (typeof data?.status === 'number') return data.status;
    if (name === 'SseError' && typeof code === 'number') return code;
  }
  return undefined;
}

/**
 * Whether the server cannot have acted on the request, so that sending it again is safe: nobody listens, the
 * connection was known to be closed, or the session is unknown to it (404; some servers say 400).
 */
export function wasNotHandled(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 404 || status === 400) return true;
  return causes(error).some(({ code }) => code === 'NOT_CONNECTED' || code === 'ECONNREFUSED');
}

/** Whether the connection broke; the server may or may not have acted. */
export function isBroken(error: unknown): boolean {
  return causes(error).some(
    ({ code, message }) =>
      code === 'CONNECTION_CLOSED' ||
      (typeof code === 'string' && /^(UND_ERR|ECONN|EPIPE)/.test(code)) ||
      message === 'fetch failed' ||
      message === 'terminated',
  );
}

/** The failure as an error of the house. `server` names the peer; `refusal` is its last challenge. */
export function mcpFailure(server: string, error: unknown, refusal?: Challenge): ArkError {
  const chain = causes(error);
  const known = chain.find((each) => each instanceof ArkError) as ArkError | undefined;
  if (known) {
    const { family, reason, details } = known;
    return new ArkError(family, `${server}: ${known.message}`, { reason, details, cause: error });
  }
  const status = statusOf(error);
  if (status === 401 || chain.some(({ name }) => name === 'UnauthorizedError')) {
    const details = { status: 401, wwwAuthenticate: refusal?.text ?? '' };
    return unavailable(`${server} wants authorization`, { reason: 'AuthorizationRequired', details, cause: error });
  }
  const text = chain.some(isNoMcp) ? 'it answers, but not as an MCP server does' : causeText(chain, error);
  if (chain.some(({ code }) => code === 'REQUEST_TIMEOUT'))
    return timeout(`${server} gave no answer in time`, { cause: error });
  if (status === 403) {
    const wanting = refusal?.status === 403 ? { wwwAuthenticate: refusal.text } : {};
    return denied(`${server} denies access`, { details: { status, ...wanting }, cause: error });
  }
  // JSON-RPC: the method or its arguments are wrong; asking again would not help.
  if (chain.some(({ code }) => code === -32602 || code === -32601)) return invalid(`${server}: ${text}`);
  return unavailable(`${server}: ${text}`, { details: status === undefined ? {} : { status }, cause: error });
}

/** The SDK checks each answer with zod, whose own words are a page of JSON. */
const isNoMcp = ({ issues }: Failure): boolean => Array.isArray(issues);

function causes(error: unknown): Failure[] {
  const chain: Failure[] = [];
  for (let current = error; typeof current === 'object' && current !== null && chain.length < 10; ) {
    const failure = current as Failure & { errors?: unknown[] };
    chain.push(failure);
    // Connecting to a name with several addresses fails with several errors.
    current = failure.cause ?? failure.errors?.[0] ?? (failure.data as Failure | undefined)?.cause;
  }
  return chain;
}

/** The innermost text is the one that helps: `connect ECONNREFUSED …` instead of `fetch failed`. */
function causeText(chain: Failure[], error: unknown): string {
  const texts = chain.map(({ message }) => message).filter((text) => text);
  return (texts.at(-1) ?? errorText(error)).slice(0, 500);
}
