type Schema = Record<string, unknown>;

/** Words that OpenAPI 2.0 does not have, or that kubectl's reader of it stumbles over. */
const DROPPED = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'nullable']);

/**
 * A schema of OpenAPI 3.0 in the words of 2.0. Like the real server it says less where the words are missing: what may
 * be null, or may hold unknown fields, has no type and no fields.
 */
export function v2Schema(schema: Schema): Schema {
  const target = referenceOf(schema);
  if (target) {
    const { description } = schema;
    return { ...(description ? { description } : {}), $ref: target.replace('#/components/schemas/', '#/definitions/') };
  }
  const result = Object.fromEntries(Object.entries(schema).filter(([word]) => !DROPPED.has(word)));
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema.nullable || open) {
    delete result.items;
    delete result.properties;
  }
  if (schema.nullable || (open && (result.type === 'object' || result.type === 'array'))) delete result.type;
  return withInnerSchemas(result);
}

/** Where the schema points, directly or through the `allOf` that lets a reference have a description. */
function referenceOf({ $ref, allOf }: Schema): string | undefined {
  const found = $ref ?? (Array.isArray(allOf) && allOf.length === 1 ? (allOf[0] as Schema).$ref : undefined);
  return found as string | undefined;
}

function withInnerSchemas(result: Schema): Schema {
  const { properties, items, additionalProperties, required } = result as {
    properties?: Record<string, Schema>;
    items?: Schema;
    additionalProperties?: Schema | boolean;
    required?: string[];
  };
  if (properties) {
    result.properties = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, v2Schema(each)]));
    // A null would be no value for kubectl.
    const needed = required?.filter((name) => !properties[name]?.nullable);
    if (needed?.length) result.required = needed;
    else delete result.required;
  }
  if (items) result.items = v2Schema(items);
  if (typeof additionalProperties === 'object') result.additionalProperties = v2Schema(additionalProperties);
  return result;
}
