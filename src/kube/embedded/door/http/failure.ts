import { errorText } from '../../../../kit/errors/ark-error.js';
import type { Logger } from '../../../../kit/logger.js';
import { StatusError } from '../../../api-server/status.js';
import { type Answer, valueAnswer } from './answer.js';

/** The Status answer for anything thrown. What is no refusal is a bug: it is logged with its stack. */
export function failureAnswer(error: unknown, request: string, logger?: Logger): Answer {
  const refusal = StatusError.is(error) ? blaming(error) : bug(error, request, logger);
  const answer = valueAnswer(refusal.code, refusal.toStatus());
  const wait = refusal.statusDetails?.retryAfterSeconds;
  if (wait) answer.headers = { 'retry-after': String(wait) };
  return answer;
}

/**
 * The real server calls some bad input an internal error, e.g. an applied field without a schema. Here 500 means a bug,
 * so that it can be watched for.
 */
function blaming(refusal: StatusError): StatusError {
  if (refusal.statusReason !== 'InternalError') return refusal;
  return new StatusError('BadRequest', refusal.message, refusal.statusDetails);
}

function bug(error: unknown, request: string, logger?: Logger): StatusError {
  logger?.error({ error, request }, 'A request of the API server failed in a way nobody foresaw');
  return new StatusError('InternalError', `Internal error occurred: ${errorText(error)}`);
}
