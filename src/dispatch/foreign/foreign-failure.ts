import {
  ContentTypeNotSupportedError,
  ExtensionSupportRequiredError,
  RequestMalformedError,
  TaskNotFoundError,
  UnsupportedOperationError,
  VersionNotSupportedError,
} from '@a2a-js/sdk/errors';
import { isNetworkFailure } from '../../kit/egress/network-failure.js';
import { ArkError, errorText, unavailable } from '../../kit/index.js';

/** Statuses below 500 that say "later". */
const LATER = [402, 408, 425, 429];
const NOT_FOUND = 404;
const NOT_IMPLEMENTED = 501;
const NEVER = [
  TaskNotFoundError,
  RequestMalformedError,
  UnsupportedOperationError,
  ContentTypeNotSupportedError,
  ExtensionSupportRequiredError,
  VersionNotSupportedError,
];

/** A failure of a call to somebody else's server as an error whose text names it and the cause. */
export function foreignFailure(where: string, address: string, error: unknown): ArkError {
  const host = hostOf(address);
  const inner = innermost(error);
  if (inner instanceof ArkError) {
    const { family, reason, details, retryAfterMs } = inner;
    return new ArkError(family, `${where}: ${inner.message}`, { reason, details, retryAfterMs, cause: error });
  }
  const text = causeText(inner);
  if (inner instanceof SyntaxError || /JSON/.test(text)) {
    return unavailable(`${where}: the answer is not JSON: ${text}`, { reason: 'UnreadableAnswer', cause: error });
  }
  if (isNetworkFailure(error)) {
    return unavailable(`${where} at ${host}: connection failed: ${text}`, { reason: 'ConnectionFailed', cause: error });
  }
  return unavailable(`${where}: ${text}`, { cause: error });
}

/** Whether the server has forgotten a task. Some say so in words only. */
export function isUnknownTask(error: unknown): boolean {
  return error instanceof TaskNotFoundError || /\btask[ _]not[ _]found\b/i.test(errorText(error));
}

/** Whether the same question cannot get a better answer later: what is asked for is not there, or not for us. */
export function isHopeless(error: unknown): boolean {
  const inner = innermost(error);
  if (isUnknownTask(inner) || NEVER.some((never) => inner instanceof never)) return true;
  if (!(inner instanceof ArkError)) return false;
  const { family, reason, details } = inner;
  if (family !== 'Unavailable') return family !== 'Timeout';
  const status = Number(details.status ?? 0);
  // A proxy without a server behind it says so too, e.g. an ingress that is restarted.
  if (status === NOT_FOUND && details.isA2a === false) return false;
  const isRefusal = status >= 300 && status < 500 && !LATER.includes(status);
  return isRefusal || status === NOT_IMPLEMENTED || reason === 'AnswerTooLarge';
}

/** What really happened, inside of what libraries wrapped around it. */
export function innermost(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause !== undefined && !(current instanceof ArkError))
    current = current.cause;
  return current;
}

/** Connecting to a name with several addresses fails with several errors and no text of its own. */
function causeText(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: string; code?: string };
  if (error instanceof AggregateError) return error.errors.map(errorText).join('; ');
  return message || code || errorText(error);
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}
