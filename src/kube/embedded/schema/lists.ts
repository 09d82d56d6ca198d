import type { StatusCause } from '../../api-server/status.js';
import type { StructuralSchema } from '../catalogue.js';
import { equalJson, isObject, type Json } from '../json/json.js';

/** The key fields of a list item, defaults included. */
export function itemKey(schema: StructuralSchema, item: Json): Json {
  const key: Json = {};
  for (const name of schema['x-kubernetes-list-map-keys'] ?? []) {
    const value = item[name] ?? schema.items?.properties?.[name]?.default;
    if (value !== undefined) key[name] = value;
  }
  return key;
}

/** The old item that a new item continues: only lists with keys can tell. */
export function correlated(schema: StructuralSchema, item: unknown, old: unknown): unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old) || !isObject(item)) return undefined;
  const key = itemKey(schema, item);
  return old.find((each) => isObject(each) && equalJson(itemKey(schema, each), key));
}

export function checkDuplicates(schema: StructuralSchema, list: unknown[], path: string, causes: StatusCause[]): void {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map' && schema.uniqueItems !== true) return;
  const seen = new Set<string>();
  list.forEach((item, index) => {
    const identity = type === 'map' && isObject(item) ? itemKey(schema, item) : item;
    const text = JSON.stringify(identity);
    if (seen.has(text)) {
      causes.push({
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${text}`,
        field: `${path}[${index}]`,
      });
    }
    seen.add(text);
  });
}
