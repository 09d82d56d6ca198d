/**
 * What a caller can do about an error. The family decides retry, HTTP status, JSON-RPC code, condition and log level;
 * `machinery/errors` holds that table.
 */
export type ErrorFamily = 'Invalid' | 'NotFound' | 'Conflict' | 'Denied' | 'Unavailable' | 'Timeout' | 'Canceled';

const BRAND = Symbol.for('nest-ark.error');

/** What an error tells besides its message. */
export interface ArkErrorOptions {
  /** PascalCase cause, usable as a condition reason. Default: the family. */
  reason?: string;
  /** What was caught, for the log. */
  cause?: unknown;
  /** Facts for programs. Never a secret: everything here may be shown. */
  details?: Record<string, unknown>;
  /** For `Unavailable`: earliest useful retry, in milliseconds. */
  retryAfterMs?: number;
}

/**
 * An error a person or program can act on. Its message names the object and the next step. Anything that is not an
 * ArkError is a bug and is logged with its stack.
 *
 * `instanceof` holds across two installed copies of this package, through a global symbol.
 */
export class ArkError extends Error {
  /** PascalCase cause; the family where none was given. */
  readonly reason: string;
  /** Facts for programs; empty where none were given. Never a secret. */
  readonly details: Record<string, unknown>;
  /** Earliest useful retry, in milliseconds. Absent: not known. */
  readonly retryAfterMs?: number;
  readonly [BRAND] = true;

  constructor(
    readonly family: ErrorFamily,
    message: string,
    options: ArkErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = `${family}Error`;
    this.reason = options.reason ?? family;
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
  }
}

/** The caller must change something; never retried. */
export const invalid = (message: string, options?: ArkErrorOptions) => new ArkError('Invalid', message, options);
/** A named thing is absent. */
export const notFound = (message: string, options?: ArkErrorOptions) => new ArkError('NotFound', message, options);
/** A write lost against another one; read again. */
export const conflict = (message: string, options?: ArkErrorOptions) => new ArkError('Conflict', message, options);
/** Policy says no. */
export const denied = (message: string, options?: ArkErrorOptions) => new ArkError('Denied', message, options);
/** A dependency failed; retried with back-off. */
export const unavailable = (message: string, options?: ArkErrorOptions) =>
  new ArkError('Unavailable', message, options);
/** Time ran out. */
export const timeout = (message: string, options?: ArkErrorOptions) => new ArkError('Timeout', message, options);
/** Somebody asked to stop. */
export const canceled = (message: string, options?: ArkErrorOptions) => new ArkError('Canceled', message, options);

/** The text to show for anything thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
