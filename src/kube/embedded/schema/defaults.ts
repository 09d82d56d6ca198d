import { copyJson, isObject, type Json } from '../json/json.js';
import { fieldNode, type SchemaNode } from './schema-node.js';

/** What becomes of a null where null is not allowed and no default stands in: it goes, or stays for validation. */
export type Nulls = 'drop' | 'keep';

/**
 * Fills in, in place, what the schema has a default for. A null where null is not allowed counts as absent and takes the
 * default.
 */
export function applyDefaults(node: SchemaNode, value: unknown, nulls: Nulls = 'drop'): void {
  if (Array.isArray(value)) {
    if (node.items) for (const item of value) applyDefaults(node.items, item, nulls);
    return;
  }
  if (!isObject(value)) return;
  for (const field in value) {
    const below = fieldNode(node, field);
    if (!below) continue;
    if (value[field] === null && yields(below, nulls)) delete value[field];
    else applyDefaults(below, value[field], nulls);
  }
  for (const [field, below] of node.properties) defaultField(below, value, field);
}

/** Whether a null leaves its place. */
export function yields({ schema }: SchemaNode, nulls: Nulls): boolean {
  return schema.nullable !== true && (nulls === 'drop' || schema.default !== undefined);
}

export function defaultField(node: SchemaNode, value: Json, field: string): void {
  if (value[field] !== undefined || node.schema.default === undefined) return;
  value[field] = copyJson(node.schema.default);
  applyDefaults(node, value[field]);
}
