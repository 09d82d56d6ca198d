import type { ApplyOptions, WriteOptions } from '../../api-server/api-server.js';
import { invalid } from '../errors/refusals.js';
import type { Kind } from '../kinds/kind.js';
import type { Nulls } from '../schema/defaults.js';

/** Who writes when the caller does not say. */
export const DEFAULT_MANAGER = 'nest-ark';

/** Options of a write, with defaults applied. */
export interface WriteSettings {
  subresource?: 'status' | 'scale';
  dryRun: boolean;
  /** A full update, which creates the object of some kinds when it is absent. */
  createsAbsent?: boolean;
  manager: string;
  applied?: boolean;
  fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  warn(text: string): void;
}

export interface ApplySettings extends WriteSettings {
  /** The body is the wish of one manager, not a whole object. */
  applied: true;
  /** Take fields over from other managers. */
  force: boolean;
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

export function applySettings(options: ApplyOptions): ApplySettings {
  if (!options.fieldManager) {
    const type = {
      group: 'meta.k8s.io',
      version: 'v1',
      kind: 'PatchOptions',
      plural: 'patchoptions',
      namespaced: false,
    };
    const message = 'Required value: is required for apply patch';
    throw invalid(type, '', [{ reason: 'FieldValueRequired', message, field: 'fieldManager' }]);
  }
  return { ...writeSettings(options), applied: true, force: options.force ?? false };
}

/** Who applies a null means it; other writers of custom resources, and Go's types, read it as absent. */
export function nullsOf(kind: Kind, settings: WriteSettings): Nulls {
  return settings.applied && !kind.served.builtIn ? 'keep' : 'drop';
}
