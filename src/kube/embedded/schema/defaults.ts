import { copyJson, isObject, type Json } from '../json/json.js';
import { fieldNode, type SchemaNode } from './schema-node.js';

/**
 * Fills in, in place, what the schema has a default for. A null where null is not allowed counts as absent: it takes
 * the default or goes.
 */
export function applyDefaults(node: SchemaNode, value: unknown): void {
  if (Array.isArray(value)) {
    if (node.items) for (const item of value) applyDefaults(node.items, item);
    return;
  }
  if (!isObject(value)) return;
  for (const field in value) {
    const below = fieldNode(node, field);
    if (!below) continue;
    if (value[field] === null && below.schema.nullable !== true) delete value[field];
    else applyDefaults(below, value[field]);
  }
  for (const [field, below] of node.properties) defaultField(below, value, field);
}

export function defaultField(node: SchemaNode, value: Json, field: string): void {
  if (value[field] !== undefined || node.schema.default === undefined) return;
  value[field] = copyJson(node.schema.default);
  applyDefaults(node, value[field]);
}
