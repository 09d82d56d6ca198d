import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { ArkError } from '../../kit/index.js';
import { withoutKeys } from '../http/without-keys.js';
import { ruleOf } from './families.js';

/** The body of a refused request, RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  /** PascalCase cause, for programs. */
  reason: string;
  [fact: string]: unknown;
}

/** The problem body for anything thrown, without API keys that stood in the request. The text of a bug stays inside. */
export function problemOf(error: unknown, instance?: string): Problem {
  const problem = told(error, instance === undefined ? undefined : withoutKeys(instance));
  return { ...problem, detail: withoutKeys(problem.detail) };
}

function told(error: unknown, instance?: string): Problem {
  const where = instance === undefined ? {} : { instance };
  if (error instanceof ArkError) {
    const { httpStatus: status, title } = ruleOf(error);
    const known = { type: 'about:blank', title, status, detail: error.message, reason: error.reason, ...where };
    return { ...error.details, ...known };
  }
  const status = httpStatusOf(error);
  if (status !== undefined && status < 500) {
    const said = error instanceof Error ? error.message : String(error);
    const detail = said.replace(/^Cannot ([A-Z]+ \/[^?]*).*$/s, 'nothing is served at $1');
    const reason = status === 404 ? 'NotFound' : 'RequestRefused';
    return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Refused', status, detail, reason, ...where };
  }
  const { httpStatus, title } = ruleOf(error);
  const detail = 'The server hit a bug. The log line with this request holds the details.';
  return { type: 'about:blank', title, status: status ?? httpStatus, detail, reason: 'InternalError', ...where };
}

/** The status that Nest or Fastify gave an error of theirs, e.g. 404 for a route nobody serves or 413 for a big body. */
function httpStatusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
