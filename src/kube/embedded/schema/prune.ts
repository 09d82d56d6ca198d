import { isObject, type Json } from '../json/json.js';
import { isEmbedded, pruneEmbedded } from './embedded-resource.js';
import { fieldNode, type SchemaNode } from './schema-node.js';

const EMBEDDED = new Set(['apiVersion', 'kind', 'metadata']);

/** Drops, in place, fields that the schema does not know. Their paths are added to `unknown`. */
export function prune(node: SchemaNode, value: unknown, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    const { items } = node;
    if (items)
      for (let index = 0; index < value.length; index++) prune(items, value[index], `${path}[${index}]`, unknown);
    return;
  }
  if (!isObject(value)) return;
  for (const field of Object.keys(value)) pruneField(node, value, field, path, unknown);
  if (isEmbedded(node)) pruneEmbedded(value, path, unknown);
}

export function pruneField(node: SchemaNode, value: Json, field: string, path: string, unknown: string[]): void {
  const at = path ? `${path}.${field}` : field;
  const below = fieldNode(node, field);
  if (below) {
    prune(below, value[field], at, unknown);
    return;
  }
  if (node.keepsUnknown || node.additional === 'any') return;
  if (isEmbedded(node) && EMBEDDED.has(field)) return;
  // Without any word about its fields a typeless node would lose everything; the schema then speaks of scalars only.
  delete value[field];
  unknown.push(at);
}
