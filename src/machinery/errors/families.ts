import { ArkError, type ErrorFamily } from '../../kit/index.js';

/** What every door and loop of the process does about a family of errors. */
export interface FamilyRule {
  httpStatus: number;
  /** What went wrong, in words for a person: the `title` of a problem body. */
  title: string;
  /** JSON-RPC 2.0 and A2A share these codes. */
  jsonRpcCode: number;
  /** `never`: only when something it watches changes; `at-once`: read again and repeat, a few times. */
  retry: 'never' | 'at-once' | 'back-off';
  log: 'debug' | 'info' | 'warn' | 'error';
}

const RULES: Record<ErrorFamily, FamilyRule> = {
  Invalid: { httpStatus: 422, title: 'Not valid', jsonRpcCode: -32602, retry: 'never', log: 'info' },
  NotFound: { httpStatus: 404, title: 'Not found', jsonRpcCode: -32602, retry: 'never', log: 'info' },
  Conflict: { httpStatus: 409, title: 'Conflict', jsonRpcCode: -32603, retry: 'at-once', log: 'debug' },
  Denied: { httpStatus: 403, title: 'Denied', jsonRpcCode: -32603, retry: 'never', log: 'warn' },
  Unavailable: { httpStatus: 503, title: 'Unavailable', jsonRpcCode: -32603, retry: 'back-off', log: 'warn' },
  Timeout: { httpStatus: 504, title: 'Timed out', jsonRpcCode: -32603, retry: 'back-off', log: 'warn' },
  // 499 is what proxies log when a client went away; nobody is left to read it.
  Canceled: { httpStatus: 499, title: 'Canceled', jsonRpcCode: -32603, retry: 'never', log: 'debug' },
};

/** What is done about an error that is no `ArkError`. */
const BUG: FamilyRule = {
  httpStatus: 500,
  title: 'Internal error',
  jsonRpcCode: -32603,
  retry: 'back-off',
  log: 'error',
};

/** The rule for anything thrown. */
export function ruleOf(error: unknown): FamilyRule {
  return error instanceof ArkError ? RULES[error.family] : BUG;
}

/** Whether something thrown is nobody's fault but ours. */
export function isBug(error: unknown): boolean {
  return !(error instanceof ArkError);
}
