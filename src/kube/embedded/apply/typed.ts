import { isObject, type Json } from '../json/json.js';
import { itemKey } from '../schema/lists.js';
import { fieldNode, type SchemaNode } from '../schema/schema-node.js';

/**
 * How server-side apply sees a value. `leaf`: one field, owned as a whole. A value without a schema is a map of maps
 * with lists owned as a whole.
 */
export type Shape = 'leaf' | 'map' | 'set' | 'keyed';

export function shapeOf(node: SchemaNode | undefined, value: unknown): Shape {
  if (isObject(value)) return node?.schema['x-kubernetes-map-type'] === 'atomic' ? 'leaf' : 'map';
  if (!Array.isArray(value)) return 'leaf';
  const type = node?.schema['x-kubernetes-list-type'];
  return type === 'set' ? 'set' : type === 'map' ? 'keyed' : 'leaf';
}

/** Whether the schema names this field; other fields are entries of a map. */
export function isNamed(node: SchemaNode | undefined, field: string): boolean {
  return node?.properties.has(field) ?? false;
}

export function childNode(node: SchemaNode | undefined, field: string): SchemaNode | undefined {
  return node && fieldNode(node, field);
}

/** The path element of a list item with keys. */
export function keyElement(node: SchemaNode, item: unknown): string {
  const key: Json = isObject(item) ? itemKey(node.schema, item) : {};
  const sorted = Object.keys(key).sort();
  return `k:${JSON.stringify(Object.fromEntries(sorted.map((name) => [name, key[name]])))}`;
}

/** The path element of a member of a set. */
export function valueElement(value: unknown): string {
  return `v:${JSON.stringify(value)}`;
}

/** The path element of an item of a `set` or `keyed` list. */
export function itemElement(node: SchemaNode | undefined, shape: Shape, item: unknown): string {
  return shape === 'keyed' ? keyElement(node!, item) : valueElement(item);
}
