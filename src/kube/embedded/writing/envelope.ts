import { randomBytes } from 'node:crypto';
import type { ObjectMeta, UntypedObject } from '../../../kit/resource/object.js';
import { badRequest, invalid } from '../errors/refusals.js';
import { isObject } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';

/** Letters and digits that cannot form words, as the real server uses them. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const MAX_GENERATED_PREFIX = 58;

/** Refuses an object whose apiVersion, kind or metadata do not belong here. */
export function checkEnvelope(kind: Kind, object: UntypedObject): void {
  if (!isObject(object) || !isObject(object.metadata ?? {})) {
    throw badRequest(`a ${kind.served.type.kind} must be a JSON object with a metadata object`);
  }
  object.metadata ??= {} as ObjectMeta;
  object.apiVersion ??= kind.apiVersion;
  object.kind ??= kind.served.type.kind;
  if (object.apiVersion !== kind.apiVersion) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${kind.apiVersion})`,
    );
  }
  const { type } = kind.served;
  if (object.kind !== type.kind) {
    const message = `Invalid value: "${object.kind}": must be ${type.kind}`;
    throw invalid(
      type,
      object.metadata.name ?? '',
      [{ reason: 'FieldValueInvalid', message, field: 'kind' }],
      object.kind,
    );
  }
  if (!type.namespaced) delete object.metadata.namespace;
  else if (!object.metadata.namespace) throw badRequest('an empty namespace may not be set during creation');
}

/** `prefix` and five random characters. */
export function generatedName(prefix: string): string {
  let name = prefix.slice(0, MAX_GENERATED_PREFIX);
  for (const byte of randomBytes(5)) name += ALPHABET[byte % ALPHABET.length];
  return name;
}

/** RFC 3339, UTC, whole seconds. */
export function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}
