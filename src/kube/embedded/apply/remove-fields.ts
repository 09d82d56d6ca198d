import { isObject, type Json } from '../json/json.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { type Fields, isEmpty, isMember } from './fields.js';
import { childNode, itemElement, shapeOf } from './typed.js';

/** The value without the members of the set and all below them. Pure: other parts are shared. */
export function removeFields(node: SchemaNode | undefined, value: unknown, fields: Fields): unknown {
  if (isEmpty(fields)) return value;
  if (isObject(value)) return removeFromMap(node, value, fields);
  if (!Array.isArray(value)) return value;
  const shape = shapeOf(node, value);
  if (shape === 'leaf') return value;
  const result: unknown[] = [];
  for (const item of value) {
    const below = fields[itemElement(node, shape, item)];
    if (!below) result.push(item);
    else if (!isMember(below)) result.push(removeFields(node?.items, item, below));
  }
  return result;
}

function removeFromMap(node: SchemaNode | undefined, value: Json, fields: Fields): Json {
  const result: Json = { ...value };
  for (const element in fields) {
    if (!element.startsWith('f:')) continue;
    const field = element.slice(2);
    if (!(field in result)) continue;
    const below = fields[element]!;
    if (isMember(below)) delete result[field];
    else result[field] = removeFields(childNode(node, field), result[field], below);
  }
  return result;
}
