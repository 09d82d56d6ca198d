import { StatusError } from '../../../api-server/status.js';

/** The kind of options a refusal speaks about. */
export type OptionsKind = 'ListOptions' | 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

/** 422 for a request option that is understood but not allowed, in the words of the API server. */
export function invalidOption(kind: OptionsKind, field: string, reason: string, message: string): StatusError {
  return new StatusError('Invalid', `${kind}.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    group: 'meta.k8s.io',
    kind,
    causes: [{ reason, message, field }],
  });
}

/** 422 for a value outside a fixed set. */
export function unsupportedOption(kind: OptionsKind, field: string, value: unknown, supported: string[]): StatusError {
  const words = supported.map((text) => JSON.stringify(text)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${words}`;
  return invalidOption(kind, field, 'FieldValueNotSupported', message);
}
