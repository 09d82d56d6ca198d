import type { UntypedObject } from '../../../../kit/resource/object.js';
import { ALL_VERBS, declare } from './declare.js';
import { conditions, listOf, object, string } from './schema-words.js';

export const NAMESPACE_TYPE = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

export const namespace = declare({
  type: NAMESPACE_TYPE,
  shortNames: ['ns'],
  status: true,
  // Nobody empties a cluster with one request.
  verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  description: 'Namespace provides a scope for Names.',
  properties: {
    spec: object({ finalizers: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }) }),
    status: object({ phase: string('Active or Terminating.'), conditions }),
  },
  columns: [{ name: 'Status', type: 'string', jsonPath: '.status.phase', description: 'Active or Terminating.' }],
  rules: { names: 'label', normalise: stamp, complete },
  selectableFields: ['status.phase'],
});

/** The label that carries the name. */
function stamp(candidate: UntypedObject): void {
  const { metadata } = candidate;
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
}

/** The finalizer is the server's own: it stands for everything inside the namespace. */
function complete(candidate: UntypedObject, old?: UntypedObject): void {
  candidate.spec = old?.spec ?? { finalizers: ['kubernetes'] };
  candidate.status ??= { phase: 'Active' };
}
