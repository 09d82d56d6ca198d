import { StatusError } from '../../api-server/status.js';
import { isObject, type Json } from '../json/json.js';
import { itemKey } from '../schema/lists.js';
import { typeMatches, typeName } from '../schema/scalars.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { pathTexts } from './fields.js';
import { childNode, itemElement, shapeOf } from './typed.js';

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'numeric (int or float)',
  number: 'numeric (int or float)',
  object: 'map',
  array: 'list',
};

/**
 * Refuses an applied configuration that cannot be told apart field by field. The real server answers these with a bare
 * 500; so does this one, with the same text.
 */
export function checkApplied(root: SchemaNode, object: Json, name: string, apiVersion: string, kind: string): void {
  const problem = findProblem(root, object, '');
  if (!problem) return;
  const message = `failed to create typed patch object (/${name}; ${apiVersion}, Kind=${kind}): ${problem}`;
  throw new StatusError('InternalError', message);
}

function findProblem(node: SchemaNode | undefined, value: unknown, path: string): string | undefined {
  if (!node || value === null || value === undefined) return undefined;
  if (!typeMatches(node.schema, value)) {
    const got = typeName(value)
      .replace('integer', 'int')
      .replace('number', 'float')
      .replace('object', 'map')
      .replace('array', 'list');
    return `${path}: expected ${SCALARS[node.schema.type ?? ''] ?? 'scalar'}, got ${got}`;
  }
  if (isObject(value))
    return firstOf(Object.keys(value), (field) => fieldProblem(node, value, field, `${path}.${field}`));
  if (Array.isArray(value)) return listProblem(node, value, path);
  return undefined;
}

function fieldProblem(node: SchemaNode, value: Json, field: string, path: string): string | undefined {
  const below = childNode(node, field);
  if (!below && !node.keepsUnknown && node.additional !== 'any' && !node.schema['x-kubernetes-embedded-resource']) {
    return `${path}: field not declared in schema`;
  }
  return findProblem(below, value[field], path);
}

function listProblem(node: SchemaNode, list: unknown[], path: string): string | undefined {
  const shape = shapeOf(node, list);
  if (shape === 'set' || shape === 'keyed') {
    const seen = new Set<string>();
    for (const [index, item] of list.entries()) {
      if (shape === 'keyed' && isObject(item) && Object.keys(itemKey(node.schema, item)).length === 0) {
        const keys = JSON.stringify(node.schema['x-kubernetes-list-map-keys']).replaceAll(',', ' ');
        return `${path}: element ${index}: associative list with keys has an element that omits all key fields ${keys} (and doesn't have default values for any key fields)`;
      }
      const element = itemElement(node, shape, item);
      if (seen.has(element)) return `${path}: duplicate entries for key ${pathTexts({ [element]: {} })[0]}`;
      seen.add(element);
    }
  }
  return firstOf([...list.keys()], (index) => findProblem(node.items, list[index], `${path}[${index}]`));
}

function firstOf<T>(items: T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}
