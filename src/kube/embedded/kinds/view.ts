import { copyJson, isObject } from '../json/json.js';
import { applyDefaults, defaultField } from '../schema/defaults.js';
import { fieldNode, type SchemaNode } from '../schema/schema-node.js';
import type { StoredObject } from '../store/stored-object.js';
import type { Kind } from './kind.js';

/**
 * A stored object as this kind serves it: in its version, and with the defaults that its schema has learnt since the
 * object was written. Made at most once for each object and kind.
 */
export function viewOf(kind: Kind, stored: StoredObject): StoredObject {
  const served = stored.as(kind.apiVersion);
  if (stored.version > kind.since || stored.version === 0) return served;
  let view = kind.views.get(served);
  if (!view) {
    view = lacksDefaults(kind.schema.root, served.object) ? withDefaults(kind, served) : served;
    kind.views.set(served, view);
  }
  return view;
}

function withDefaults(kind: Kind, served: StoredObject): StoredObject {
  const object = copyJson(served.object);
  for (const [field, node] of kind.schema.root.properties) {
    if (object[field] !== undefined) applyDefaults(node, object[field]);
    if (field !== 'status' || !kind.served.statusSubresource) defaultField(node, object, field);
  }
  return served.showing(object);
}

/** Whether some default of the schema has not been applied; much cheaper than a copy. */
function lacksDefaults(node: SchemaNode, value: unknown): boolean {
  if (!node.defaulted) return false;
  if (Array.isArray(value)) return node.items ? value.some((item) => lacksDefaults(node.items!, item)) : false;
  if (!isObject(value)) return false;
  for (const [field, below] of node.properties) {
    if (value[field] === undefined && below.schema.default !== undefined) return true;
  }
  return Object.keys(value).some((field) => {
    const below = fieldNode(node, field);
    return below !== undefined && lacksDefaults(below, value[field]);
  });
}
