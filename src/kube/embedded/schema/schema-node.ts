import type { StructuralSchema } from '../catalogue.js';
import { CelRule } from './cel/cel-rule.js';

/** A schema with everything that can be prepared once: expressions compiled, tables built. */
export interface SchemaNode {
  schema: StructuralSchema;
  properties: ReadonlyMap<string, SchemaNode>;
  /** Values of undeclared fields: of this schema, anything, or not allowed. */
  additional?: SchemaNode | 'any';
  items?: SchemaNode;
  keepsUnknown: boolean;
  pattern?: RegExp;
  enumTexts?: ReadonlySet<string>;
  /** `allOf`, `anyOf`, `oneOf` and `not`: they only validate. */
  allOf: SchemaNode[];
  anyOf: SchemaNode[];
  oneOf: SchemaNode[];
  not?: SchemaNode;
  rules: CelRule[];
  /** Whether this node or one below it has a default. */
  defaulted: boolean;
  /** Whether this node or one below it has rules. */
  ruled: boolean;
  /** Whether this node or one below it has rules that compare with the old value. */
  transitions: boolean;
}

export function schemaNode(schema: StructuralSchema): SchemaNode {
  const properties = new Map(Object.entries(schema.properties ?? {}).map(([key, each]) => [key, schemaNode(each)]));
  const { additionalProperties } = schema;
  const additional =
    typeof additionalProperties === 'object'
      ? schemaNode(additionalProperties)
      : additionalProperties
        ? 'any'
        : undefined;
  const items = schema.items ? schemaNode(schema.items) : undefined;
  const rules = (schema['x-kubernetes-validations'] ?? []).map((rule) => new CelRule(rule, schema));
  const below = [
    ...properties.values(),
    ...(typeof additional === 'object' ? [additional] : []),
    ...(items ? [items] : []),
  ];
  return {
    schema,
    properties,
    additional,
    items,
    keepsUnknown: schema['x-kubernetes-preserve-unknown-fields'] === true,
    pattern: typeof schema.pattern === 'string' ? expression(schema.pattern) : undefined,
    enumTexts: schema.enum ? new Set(schema.enum.map((value) => JSON.stringify(value))) : undefined,
    allOf: nodes(schema.allOf),
    anyOf: nodes(schema.anyOf),
    oneOf: nodes(schema.oneOf),
    not: schema.not ? schemaNode(schema.not as StructuralSchema) : undefined,
    rules,
    defaulted: schema.default !== undefined || below.some((node) => node.defaulted),
    ruled: rules.length > 0 || below.some((node) => node.ruled),
    transitions: rules.some((rule) => rule.isTransition) || below.some((node) => node.transitions),
  };
}

/** The node of a field, if the schema knows it. */
export function fieldNode(node: SchemaNode, field: string): SchemaNode | undefined {
  return node.properties.get(field) ?? (typeof node.additional === 'object' ? node.additional : undefined);
}

function nodes(schemas: unknown): SchemaNode[] {
  return Array.isArray(schemas) ? schemas.map((schema: StructuralSchema) => schemaNode(schema)) : [];
}

/** Go's expressions are nearly all JavaScript's; one that is not is left to the author of the schema. */
function expression(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // The next flags may do.
    }
  }
  return undefined;
}
