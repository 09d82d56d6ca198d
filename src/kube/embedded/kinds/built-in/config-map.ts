import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { StatusCause } from '../../../api-server/status.js';
import { declare } from './declare.js';
import { boolean, mapOf, string } from './schema-words.js';
import { badKey, frozen, tooMuch } from './secret.js';

const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

export const configMap = declare({
  type: { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
  shortNames: ['cm'],
  description: 'ConfigMap holds configuration data for pods to consume.',
  properties: {
    data: mapOf(string(), 'The configuration data as text.'),
    binaryData: mapOf({ type: 'string', format: 'byte' }, 'Configuration data as base64.'),
    immutable: boolean('If true, data cannot be changed.'),
  },
  columns: [{ name: 'Data', type: 'string', jsonPath: '.data' }],
  rules: { check },
});

function check(candidate: UntypedObject, old?: UntypedObject): StatusCause[] {
  const keys = (field: string) =>
    Object.keys((candidate[field] ?? {}) as object)
      .filter((key) => !DATA_KEY.test(key))
      .map((key) => badKey(`${field}[${key}]`, key));
  return [
    ...keys('data'),
    ...keys('binaryData'),
    ...twice(candidate),
    ...tooMuch('[]', [candidate.binaryData], [candidate.data]),
    ...frozen(candidate, old, ['data', 'binaryData']),
  ];
}

function twice({ data, binaryData }: UntypedObject): StatusCause[] {
  return Object.keys((data ?? {}) as object)
    .filter((key) => Object.hasOwn((binaryData ?? {}) as object, key))
    .map((key) => {
      const message = `Invalid value: "${key}": duplicate of key present in binaryData`;
      return { reason: 'FieldValueInvalid', field: `data[${key}]`, message };
    });
}
