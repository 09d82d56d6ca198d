import type { StructuralSchema } from '../catalogue.js';
import { equalJson, isObject, type Json } from '../json/json.js';
import { checkElementOrder, elementOrders, inElementOrder } from './element-order.js';

/** Lists that merge by another key than the one server-side apply uses. */
const SINGLE_KEYS: Record<string, string> = { 'port,protocol': 'port' };

/** What tells the items of a list apart in a strategic merge patch; undefined when the list is replaced as a whole. */
export function mergeKeyOf(list: StructuralSchema): string | undefined {
  const keys = list['x-kubernetes-list-map-keys'];
  if (list['x-kubernetes-list-type'] !== 'map' || !keys) return undefined;
  return SINGLE_KEYS[keys.join(',')] ?? keys[0];
}

/**
 * A strategic merge patch, as far as the built-in kinds need it: lists with a merge key merge by it, sets merge by
 * value, other lists are replaced; `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder` are obeyed.
 * Changes and returns the target.
 */
export function strategicMerge(schema: StructuralSchema | undefined, target: Json, patch: Json): Json {
  if (patch.$patch === 'delete') return {};
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  const retained = Array.isArray(patch.$retainKeys) ? (patch.$retainKeys as unknown[]) : undefined;
  const live = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice(key.indexOf('/') + 1);
      const remaining = target[field];
      if (Array.isArray(remaining) && Array.isArray(value))
        target[field] = remaining.filter((item) => !value.includes(item));
      continue;
    }
    if (key.startsWith('$')) continue;
    const field = fieldSchema(schema, key);
    if (value === null) delete target[key];
    else if (Array.isArray(value)) target[key] = mergeList(field, target[key], value);
    else if (isObject(value)) target[key] = strategicMerge(field, isObject(target[key]) ? target[key] : {}, value);
    else target[key] = value;
  }
  for (const [field, order] of elementOrders(patch)) {
    const [merged, before, given] = [target[field], live[field], patch[field]];
    const list = fieldSchema(schema, field);
    const key = list && mergeKeyOf(list);
    if (Array.isArray(given)) checkElementOrder(field, given, order, key);
    if (Array.isArray(merged)) target[field] = inElementOrder(merged, order, Array.isArray(before) ? before : [], key);
  }
  if (retained) for (const key of Object.keys(target)) if (!retained.includes(key)) delete target[key];
  return target;
}

function fieldSchema(schema: StructuralSchema | undefined, key: string): StructuralSchema | undefined {
  const named = schema?.properties?.[key];
  if (named) return named;
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function mergeList(schema: StructuralSchema | undefined, target: unknown, patch: unknown[]): unknown[] {
  const items = patch.filter((item) => !(isObject(item) && item.$patch === 'replace'));
  if (items.length < patch.length || !Array.isArray(target)) return items.map(withoutDirectives);
  if (!schema) return items;
  if (schema['x-kubernetes-list-type'] === 'set') {
    const added = items.filter((item) => !target.some((each) => equalJson(each, item)));
    return inElementOrder([...target, ...added], items, target, undefined);
  }
  const key = mergeKeyOf(schema);
  // An item that is no object has no key: the schema refuses the list.
  if (!key || ![...target, ...items].every(isObject)) return items;
  const kept = items.filter((item) => (item as Json).$patch !== 'delete');
  return inElementOrder(mergeByKey(schema.items, key, target as Json[], items as Json[]), kept, target, key);
}

function mergeByKey(schema: StructuralSchema | undefined, key: string, target: Json[], patch: Json[]): Json[] {
  const result = [...target];
  for (const item of patch) {
    const index = result.findIndex((each) => equalJson(each[key], item[key]));
    if (item.$patch === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) result[index] = strategicMerge(schema, result[index]!, item);
    else result.push(withoutDirectives(item));
  }
  return result;
}

function withoutDirectives<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutDirectives) as T;
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !key.startsWith('$'));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutDirectives(each)])) as T;
}
