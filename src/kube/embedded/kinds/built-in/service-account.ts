import { declare } from './declare.js';
import { boolean, listOf, mapList, object, objectReference, string } from './schema-words.js';

export const serviceAccount = declare({
  type: { group: '', version: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true },
  shortNames: ['sa'],
  description: 'ServiceAccount binds together a name, a principal and a set of secrets.',
  properties: {
    automountServiceAccountToken: boolean(),
    imagePullSecrets: listOf(object({ name: string() }), { 'x-kubernetes-list-type': 'atomic' }),
    secrets: mapList(['name'], objectReference),
  },
});
