import type { UntypedObject } from '../../../../kit/resource/object.js';
import { declare } from './declare.js';
import { conditions, listOf, object, string } from './schema-words.js';

export const NAMESPACE_TYPE = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

export const namespace = declare({
  type: NAMESPACE_TYPE,
  shortNames: ['ns'],
  status: true,
  description: 'Namespace provides a scope for Names.',
  properties: {
    spec: object({ finalizers: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }) }),
    status: object({ phase: string('Active or Terminating.'), conditions }),
  },
  columns: [{ name: 'Status', type: 'string', jsonPath: '.status.phase', description: 'Active or Terminating.' }],
  rules: { names: 'label', normalise: stamp },
  selectableFields: ['status.phase'],
});

/** What the real server adds: its own finalizer, the phase and the label that carries the name. */
function stamp(candidate: UntypedObject, old?: UntypedObject): void {
  const { metadata } = candidate;
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
  if (old) return;
  candidate.spec = { finalizers: ['kubernetes'] };
  candidate.status = { phase: 'Active' };
}
