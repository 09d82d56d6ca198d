import { type KubeStatus, STATUS_CODES, StatusError, type StatusReason } from '../api-server/status.js';

/** Reasons outside our list that other servers send, by the nearest of ours. */
const SYNONYMS = new Map<string, StatusReason>([
  ['Gone', 'Expired'],
  ['ServerTimeout', 'ServiceUnavailable'],
]);

/** The reason for an HTTP code that came without one. */
const BY_CODE = new Map<number, StatusReason>([
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [405, 'MethodNotAllowed'],
  [406, 'NotAcceptable'],
  [409, 'Conflict'],
  [410, 'Expired'],
  [413, 'RequestEntityTooLarge'],
  [415, 'UnsupportedMediaType'],
  [422, 'Invalid'],
  [429, 'TooManyRequests'],
  [503, 'ServiceUnavailable'],
  [504, 'Timeout'],
]);

/** The refusal that a `Status` object describes. */
export function statusErrorFrom(status: Partial<KubeStatus>, code = status.code ?? 500): StatusError {
  return new StatusError(
    reasonOf(status.reason, code),
    status.message ?? `the server answered with HTTP ${code}`,
    status.details,
    code,
  );
}

/** The refusal in the body of an HTTP answer; proxies and unknown paths answer plain text. */
export function statusErrorOf(code: number, text: string, request: string): StatusError {
  const status = parsed(text);
  if (status?.kind === 'Status') return statusErrorFrom(status, code);
  const said = text.trim().slice(0, 300);
  if (code === 404) {
    return new StatusError(
      'NotFound',
      `the server could not find the requested resource (${request})`,
      undefined,
      code,
    );
  }
  const message = `the server answered ${request} with HTTP ${code}${said ? `: ${said}` : ''}`;
  return new StatusError(reasonOf(undefined, code), message, undefined, code);
}

function reasonOf(reason: string | undefined, code: number): StatusReason {
  if (reason !== undefined && Object.hasOwn(STATUS_CODES, reason)) return reason as StatusReason;
  return SYNONYMS.get(reason ?? '') ?? BY_CODE.get(code) ?? 'InternalError';
}

function parsed(text: string): Partial<KubeStatus> | undefined {
  try {
    return JSON.parse(text) as Partial<KubeStatus>;
  } catch {
    return undefined;
  }
}
