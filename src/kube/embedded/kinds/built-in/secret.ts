import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { StatusCause } from '../../../api-server/status.js';
import { badRequest } from '../../errors/refusals.js';
import { declare } from './declare.js';
import { boolean, mapOf, string } from './schema-words.js';
import { checkSecretType } from './secret-types.js';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

export const secret = declare({
  type: { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true },
  description: 'Secret holds secret data of a certain type.',
  properties: {
    data: mapOf(string(), 'The secret data, base64 encoded.'),
    stringData: mapOf(string(), 'Secret data as text; written into data, never shown.'),
    type: string('Used to facilitate programmatic handling of secret data.'),
    immutable: boolean('If true, data cannot be changed.'),
  },
  columns: [{ name: 'Type', type: 'string', jsonPath: '.type' }],
  rules: { normalise: encode, check },
  selectableFields: ['type'],
});

function encode(candidate: UntypedObject): void {
  const texts = candidate.stringData as Record<string, string> | undefined;
  delete candidate.stringData;
  if (texts && Object.keys(texts).length > 0) {
    const data: Record<string, string> = { ...(candidate.data as Record<string, string> | undefined) };
    for (const [key, text] of Object.entries(texts)) data[key] = Buffer.from(String(text)).toString('base64');
    candidate.data = data;
  }
  candidate.type ??= 'Opaque';
}

function check(candidate: UntypedObject, old?: UntypedObject): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const [key, value] of Object.entries((candidate.data ?? {}) as Record<string, string>)) {
    if (!DATA_KEY.test(key)) causes.push(badKey(`data[${key}]`, key));
    if (typeof value === 'string' && !BASE64.test(value)) throw notBase64(key);
  }
  if (old && old.type !== candidate.type) {
    const message = `Invalid value: "${String(candidate.type)}": field is immutable`;
    causes.push({ reason: 'FieldValueInvalid', field: 'type', message });
  }
  return [
    ...causes,
    ...tooMuch('data', [candidate.data]),
    ...checkSecretType(candidate),
    ...frozen(candidate, old, ['data']),
  ];
}

/** The value itself is never shown. */
function notBase64(key: string) {
  return badRequest(
    `Secret in version "v1" cannot be handled as a Secret: illegal base64 data in data[${key}]; use stringData for plain text`,
  );
}

export function badKey(field: string, key: string): StatusCause {
  return {
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
  };
}

/** The data of one object, decoded, may be a mebibyte. */
const MAX_BYTES = 1_048_576;

/** Base64 counts what it stands for. */
export function tooMuch(field: string, base64: unknown[], plain: unknown[] = []): StatusCause[] {
  const sum = (maps: unknown[], encoding: BufferEncoding) =>
    maps
      .flatMap((map) => Object.values((map ?? {}) as Record<string, string>))
      .reduce((bytes, text) => bytes + Buffer.byteLength(text, encoding), 0);
  if (sum(base64, 'base64') + sum(plain, 'utf8') <= MAX_BYTES) return [];
  return [{ reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${MAX_BYTES} bytes` }];
}

/** What `immutable: true` forbids. */
export function frozen(candidate: UntypedObject, old: UntypedObject | undefined, fields: string[]): StatusCause[] {
  if (old?.immutable !== true) return [];
  return ['immutable', ...fields]
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(candidate[field]))
    .map((field) => ({
      reason: 'FieldValueForbidden',
      field,
      message: 'Forbidden: field is immutable when `immutable` is set',
    }));
}
