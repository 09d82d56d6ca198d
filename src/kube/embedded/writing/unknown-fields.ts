import { badRequest } from '../errors/refusals.js';
import type { Kind } from '../kinds/kind.js';
import type { WriteSettings } from './write-settings.js';

/** Says what was pruned, as the request asked for it. */
export function reportUnknown(kind: Kind, unknown: string[], settings: WriteSettings): void {
  if (unknown.length === 0 || settings.fieldValidation === 'Ignore') return;
  const texts = unknown.sort().map((field) => `unknown field "${field}"`);
  if (settings.fieldValidation === 'Warn') {
    for (const text of texts) settings.warn(text);
    return;
  }
  const { kind: name, version } = kind.served.type;
  throw badRequest(
    `${name} in version "${version}" cannot be handled as a ${name}: strict decoding error: ${texts.join(', ')}`,
  );
}
