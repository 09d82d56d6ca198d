import type { ServedKind } from '../../catalogue.js';

/** A kind for the tests of the door: a namespaced custom resource, unless told otherwise. */
export function servedKind(overrides: Partial<ServedKind> = {}): ServedKind {
  return {
    type: { group: 'ex.io', version: 'v1', kind: 'Agent', plural: 'agents', namespaced: true },
    singular: 'agent',
    listKind: 'AgentList',
    shortNames: ['ag'],
    categories: [],
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    statusSubresource: true,
    schema: { type: 'object', properties: { spec: { type: 'object', description: 'What is wanted.' } } },
    printerColumns: [],
    builtIn: false,
    ...overrides,
  };
}
