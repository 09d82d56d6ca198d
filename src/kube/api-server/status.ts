import { ArkError, type ErrorFamily } from '../../kit/errors/ark-error.js';

/** Reasons of the Kubernetes API that this project speaks, with their HTTP codes. */
export const STATUS_CODES = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const;

export type StatusReason = keyof typeof STATUS_CODES;

export interface StatusCause {
  reason: string;
  message: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** The `Status` object of the Kubernetes API. */
export interface KubeStatus {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, unknown>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: StatusReason;
  details?: StatusDetails;
  code: number;
}

const FAMILIES: Partial<Record<StatusReason, ErrorFamily>> = {
  BadRequest: 'Invalid',
  Invalid: 'Invalid',
  AlreadyExists: 'Conflict',
  Conflict: 'Conflict',
  NotFound: 'NotFound',
  Unauthorized: 'Denied',
  Forbidden: 'Denied',
  Timeout: 'Timeout',
  MethodNotAllowed: 'Invalid',
  NotAcceptable: 'Invalid',
  UnsupportedMediaType: 'Invalid',
  RequestEntityTooLarge: 'Invalid',
};

/** A refusal by an API server, embedded or real. */
export class StatusError extends ArkError {
  constructor(
    readonly statusReason: StatusReason,
    message: string,
    readonly statusDetails?: StatusDetails,
    readonly code: number = STATUS_CODES[statusReason],
  ) {
    const seconds = statusDetails?.retryAfterSeconds;
    super(FAMILIES[statusReason] ?? 'Unavailable', message, {
      reason: statusReason,
      ...(seconds ? { retryAfterMs: seconds * 1000 } : {}),
    });
    this.name = 'StatusError';
  }

  static is(error: unknown, ...reasons: StatusReason[]): error is StatusError {
    return (
      typeof error === 'object' &&
      error !== null &&
      (error as Error).name === 'StatusError' &&
      (reasons.length === 0 || reasons.includes((error as StatusError).statusReason))
    );
  }

  /** The wire form. */
  toStatus(): KubeStatus {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.statusReason,
      ...(this.statusDetails ? { details: this.statusDetails } : {}),
      code: this.code,
    };
  }
}
