import type { WriteOptions } from '../../api-server/api-server.js';

/** Who writes when the caller does not say. */
export const DEFAULT_MANAGER = 'nest-ark';

/** Options of a write, with defaults applied. */
export interface WriteSettings {
  subresource?: 'status' | 'scale';
  dryRun: boolean;
  manager: string;
  fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  warn(text: string): void;
}

export function writeSettings(options: WriteOptions = {}): WriteSettings {
  return {
    subresource: options.subresource,
    dryRun: options.dryRun ?? false,
    manager: options.fieldManager || DEFAULT_MANAGER,
    fieldValidation: options.fieldValidation ?? 'Ignore',
    warn: (text) => options.onWarning?.(text),
  };
}
