import type { Json } from '../json/json.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { asMember, type Fields, LEAF } from './fields.js';
import { childNode, isNamed, itemElement, shapeOf } from './typed.js';

/** The fields an applied value speaks about. Undefined: none (an empty list). */
export function appliedFields(node: SchemaNode | undefined, value: unknown): Fields | undefined {
  const shape = shapeOf(node, value);
  if (shape === 'leaf') return LEAF;
  const result: Fields = {};
  if (shape === 'map') {
    for (const field of Object.keys(value as Json)) {
      const below = appliedFields(childNode(node, field), (value as Json)[field]);
      // A field the schema names is owned through what is in it; an entry of a map is owned itself, too.
      if (!isNamed(node, field)) result[`f:${field}`] = asMember(below);
      else if (below) result[`f:${field}`] = below;
    }
    return result;
  }
  for (const item of value as unknown[]) {
    const below = shape === 'keyed' ? appliedFields(node?.items, item) : undefined;
    result[itemElement(node, shape, item)] = asMember(below);
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

/** Every path of a value that appears or goes as a whole, the value itself included. */
export function allFields(node: SchemaNode | undefined, value: unknown): Fields {
  const shape = shapeOf(node, value);
  if (shape === 'leaf') return LEAF;
  const result: Fields = { '.': LEAF };
  let empty = true;
  if (shape === 'map') {
    for (const field of Object.keys(value as Json)) {
      result[`f:${field}`] = allFields(childNode(node, field), (value as Json)[field]);
      empty = false;
    }
  } else {
    for (const item of value as unknown[]) {
      result[itemElement(node, shape, item)] = shape === 'keyed' ? allFields(node?.items, item) : LEAF;
      empty = false;
    }
  }
  return empty ? LEAF : result;
}

/** The set with every named field on the way to its members added. */
export function withNamedFields(node: SchemaNode | undefined, fields: Fields): Fields {
  const result: Fields = {};
  for (const element in fields) {
    if (element === '.') {
      result['.'] = LEAF;
      continue;
    }
    const named = element.startsWith('f:') && isNamed(node, element.slice(2));
    const below = element.startsWith('f:') ? childNode(node, element.slice(2)) : node?.items;
    const inner = withNamedFields(below, fields[element]!);
    result[element] = named ? asMember(inner) : inner;
  }
  return result;
}
