import { headerReferences } from '../values/resolve-headers.js';
import { references, type ValueReference } from '../values/resolve-value.js';
import type { A2AServer } from './a2a-server.resource.js';

/** The objects that a server's address and headers are read from, for watches. */
export function a2aServerReferences({ spec, metadata }: A2AServer): ValueReference[] {
  const namespace = metadata.namespace ?? '';
  return [...references(spec.address, namespace), ...headerReferences(spec.headers, namespace)];
}
