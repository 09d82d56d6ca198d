import type { UntypedObject } from '../../../kit/resource/object.js';
import type { Json } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';
import { METADATA_SCHEMA } from '../schema/metadata-schema.js';
import { type SchemaNode, schemaNode } from '../schema/schema-node.js';

/** Metadata fields that nobody owns: the server writes them, or they name the object. */
const UNOWNED = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]);

const METADATA = schemaNode(METADATA_SCHEMA);

const roots = new WeakMap<SchemaNode, SchemaNode>();

/** The schema of a kind with the schema of metadata in its place. */
export function trackedSchema(kind: Kind): SchemaNode {
  const own = kind.schema.root;
  let root = roots.get(own);
  if (!root) {
    root = { ...own, properties: new Map([...own.properties, ['metadata', METADATA]]) };
    roots.set(own, root);
  }
  return root;
}

/**
 * The part of an object that has owners. `metadata` is always there, and so is the spec of a built-in kind, so they never
 * appear or go as a whole.
 */
export function trackedPart(kind: Kind, object: UntypedObject | undefined): Json {
  const part: Json = { metadata: {} };
  for (const field of Object.keys(object ?? {})) {
    if (field === 'apiVersion' || field === 'kind') continue;
    part[field] = field === 'metadata' ? trackedMetadata(object!.metadata as unknown as Json) : object![field];
  }
  if (kind.served.builtIn && object === undefined && kind.schema.root.properties.has('spec')) part.spec = {};
  return part;
}

function trackedMetadata(metadata: Json): Json {
  const part: Json = {};
  for (const field of Object.keys(metadata)) if (!UNOWNED.has(field)) part[field] = metadata[field];
  return part;
}
