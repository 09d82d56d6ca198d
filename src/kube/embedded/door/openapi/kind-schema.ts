import type { ServedKind, StructuralSchema } from '../../catalogue.js';
import { mergeKeyOf } from '../../patch/strategic-merge.js';
import { API_VERSION, KIND, META, reference } from './meta-definitions.js';

type Schema = Record<string, unknown>;

const PACKAGES: Record<string, string> = {
  '': 'io.k8s.api.core',
  'coordination.k8s.io': 'io.k8s.api.coordination',
  'events.k8s.io': 'io.k8s.api.events',
  'authorization.k8s.io': 'io.k8s.api.authorization',
  'authentication.k8s.io': 'io.k8s.api.authentication',
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
};

/** The name of a kind's definition, e.g. `com.example.v1.Agent`; built-in kinds have those of the real server. */
export function definitionName(served: ServedKind): string {
  const { group, version, kind } = served.type;
  const pack = (served.builtIn && PACKAGES[group]) || group.split('.').reverse().join('.');
  return `${pack}.${version}.${kind}`;
}

/** The definition of a kind: its structural schema with the envelope that every object has. */
export function kindSchema(served: ServedKind): Schema {
  const { properties, ...schema } = published(served.schema, served.builtIn) as Schema;
  return {
    ...schema,
    type: 'object',
    properties: {
      ...(properties as Schema | undefined),
      ...ENVELOPE,
    },
    'x-kubernetes-group-version-kind': [groupVersionKind(served)],
  };
}

/** The definition of a kind's list. */
export function listSchema(served: ServedKind): Schema {
  return {
    description: `${served.listKind} is a list of ${served.type.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: API_VERSION,
      items: { description: `List of ${served.type.plural}.`, type: 'array', items: reference(definitionName(served)) },
      kind: KIND,
      metadata: { description: 'Standard list metadata.', allOf: [reference(`${META}.ListMeta`)] },
    },
    'x-kubernetes-group-version-kind': [{ ...groupVersionKind(served), kind: served.listKind }],
  };
}

export function groupVersionKind(served: ServedKind): { group: string; version: string; kind: string } {
  const { group, version, kind } = served.type;
  return { group, version, kind };
}

/** The schema as clients read it: with what is understood of itself here said in words. */
function published(schema: unknown, builtIn: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((each) => published(each, builtIn));
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: Schema = {};
  for (const [name, value] of Object.entries(schema))
    result[name] = OPAQUE.has(name) ? value : published(value, builtIn);
  // OpenAPI has no int-or-string: the real server publishes a choice of both.
  if (result['x-kubernetes-int-or-string'] === true && !result.anyOf) {
    delete result.type;
    result.anyOf = [{ type: 'integer' }, { type: 'string' }];
  }
  if (result['x-kubernetes-embedded-resource'] === true && result.properties) {
    result.properties = { ...ENVELOPE, ...(result.properties as Schema) };
  }
  return builtIn ? { ...result, ...patchStrategy(schema as StructuralSchema) } : result;
}

/** kubectl makes strategic merge patches from these words: without them it sends whole lists, and no item ever goes. */
function patchStrategy(schema: StructuralSchema): Schema {
  if (schema['x-kubernetes-list-type'] === 'set') return { 'x-kubernetes-patch-strategy': 'merge' };
  const key = mergeKeyOf(schema);
  return key ? { 'x-kubernetes-patch-strategy': 'merge', 'x-kubernetes-patch-merge-key': key } : {};
}

/** What every object has around it. */
const ENVELOPE = {
  apiVersion: API_VERSION,
  kind: KIND,
  metadata: { description: "Standard object's metadata.", allOf: [reference(`${META}.ObjectMeta`)] },
};

/** Values of these keywords are data, not schemas. */
const OPAQUE = new Set(['default', 'enum', 'example', 'required', 'x-kubernetes-validations']);
