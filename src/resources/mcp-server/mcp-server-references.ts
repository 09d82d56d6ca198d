import { Secret } from '../core/secret.resource.js';
import { headerReferences } from '../values/resolve-headers.js';
import { references, type ValueReference } from '../values/resolve-value.js';
import type { MCPServer } from './mcp-server.resource.js';

/** The objects that a server's address, headers, environment and token are read from, for watches. */
export function mcpServerReferences({ spec, metadata }: MCPServer): ValueReference[] {
  const namespace = metadata.namespace ?? '';
  const token = spec.authorization?.tokenSecretRef;
  return [
    ...references(spec.address, namespace),
    ...headerReferences(spec.headers, namespace),
    ...(spec.env ?? []).flatMap((variable) => references(variable, namespace)),
    ...(token ? [{ kind: Secret, key: { namespace, name: token.name } }] : []),
  ];
}
