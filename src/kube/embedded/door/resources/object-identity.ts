import type { UntypedObject } from '../../../../kit/resource/object.js';
import { StatusError } from '../../../api-server/status.js';
import type { ObjectTarget, ResourceTarget } from './resource-target.js';

/** Gives the object the namespace of its path. Throws BadRequest when it names another one. */
export function inNamespaceOf(target: ResourceTarget, object: UntypedObject): UntypedObject {
  const { namespace, ...metadata } = object.metadata;
  checkNamespace(target, namespace);
  const expected = namespaceOf(target);
  return { ...object, metadata: expected ? { ...metadata, namespace: expected } : metadata };
}

/** Throws BadRequest when a body names another namespace than its path does. */
export function checkNamespace(target: ResourceTarget, namespace: unknown): void {
  if (!namespace || namespace === namespaceOf(target)) return;
  const message = 'the namespace of the provided object does not match the namespace sent on the request';
  throw new StatusError('BadRequest', message);
}

/** Empty for cluster-scoped kinds. */
function namespaceOf(target: ResourceTarget): string {
  return target.served.type.namespaced ? (target.namespace ?? '') : '';
}

/** Throws BadRequest when a body names another object than its path does. */
export function checkName(target: ObjectTarget, name: unknown): void {
  if (name === target.name) return;
  const message =
    typeof name === 'string' && name !== ''
      ? `the name of the object (${name}) does not match the name on the URL (${target.name})`
      : `the name of the object (${target.name} based on URL) was undeterminable: name must be provided`;
  throw new StatusError('BadRequest', message);
}
