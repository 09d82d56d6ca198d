import { equalJson, type Json } from '../json/json.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { allFields } from './field-sets.js';
import { type Fields, LEAF, NOTHING } from './fields.js';
import { childNode, itemElement, type Shape, shapeOf } from './typed.js';

/** The fields in which two values differ. */
export interface Difference {
  added: Fields;
  modified: Fields;
  removed: Fields;
}

/** Parts of a difference that exist; undefined when there is none at all. */
type Partial3 = { added?: Fields; modified?: Fields; removed?: Fields } | undefined;

/** Compares two maps field by field. */
export function compareMaps(node: SchemaNode, before: Json, after: Json): Difference {
  const found = compareFields(node, before, after);
  return { added: found?.added ?? NOTHING, modified: found?.modified ?? NOTHING, removed: found?.removed ?? NOTHING };
}

function compare(node: SchemaNode | undefined, before: unknown, after: unknown): Partial3 {
  if (before === after) return undefined;
  if (before === undefined) return { added: allFields(node, after) };
  if (after === undefined) return { removed: allFields(node, before) };
  const shape = shapeOf(node, after);
  if (shape === 'leaf' || shapeOf(node, before) !== shape) {
    return equalJson(before, after) ? undefined : { modified: LEAF };
  }
  if (shape === 'map') return compareFields(node, before as Json, after as Json);
  return compareItems(node, shape, before as unknown[], after as unknown[]);
}

function compareFields(node: SchemaNode | undefined, before: Json, after: Json): Partial3 {
  let result: Partial3;
  for (const field in after) {
    const found = compare(childNode(node, field), before[field], after[field]);
    if (found) result = collect(result, `f:${field}`, found);
  }
  for (const field in before) {
    if (after[field] !== undefined || before[field] === undefined) continue;
    result = collect(result, `f:${field}`, { removed: allFields(childNode(node, field), before[field]) });
  }
  return result;
}

function compareItems(node: SchemaNode | undefined, shape: Shape, before: unknown[], after: unknown[]): Partial3 {
  const old = new Map(before.map((item) => [itemElement(node, shape, item), item]));
  const present = new Set<string>();
  let result: Partial3;
  for (const item of after) {
    const element = itemElement(node, shape, item);
    present.add(element);
    if (!old.has(element)) result = collect(result, element, { added: itemFields(node, shape, item) });
    else if (shape === 'keyed') {
      const found = compare(node?.items, old.get(element), item);
      if (found) result = collect(result, element, found);
    }
  }
  for (const [element, item] of old) {
    if (!present.has(element)) result = collect(result, element, { removed: itemFields(node, shape, item) });
  }
  return result;
}

function itemFields(node: SchemaNode | undefined, shape: Shape, item: unknown): Fields {
  return shape === 'keyed' ? allFields(node?.items, item) : LEAF;
}

function collect(result: Partial3, element: string, found: NonNullable<Partial3>): Partial3 {
  const into = result ?? {};
  for (const part of ['added', 'modified', 'removed'] as const) {
    const fields = found[part];
    if (!fields) continue;
    into[part] ??= {};
    into[part][element] = fields;
  }
  return into;
}
