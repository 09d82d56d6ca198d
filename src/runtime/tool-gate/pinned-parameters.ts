import { invalid, type JsonSchema, notFound, renderTemplate } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { ParameterSource } from '../../resources/shared/parameter.js';
import { named, resolveParameters } from '../../resources/values/resolve-parameters.js';
import { resolveSource } from '../../resources/values/resolve-value.js';
import type { ValueLookup } from '../../resources/values/value-lookup.js';

/** The schema without the parameters that are pinned: the model never learns of them. */
export function withoutPinned(schema: JsonSchema, pinned: readonly string[]): JsonSchema {
  if (pinned.length === 0) return schema;
  const { properties, required, ...rest } = schema as { properties?: object; required?: string[] };
  const left = Array.isArray(required) ? required.filter((name) => !pinned.includes(name)) : undefined;
  const open = Object.entries(properties ?? {}).filter(([name]) => !pinned.includes(name));
  return { ...rest, properties: Object.fromEntries(open), ...(left?.length ? { required: left } : {}) };
}

/**
 * The values of pinned parameters, with the types the tool's schema gives them. Texts are templates over the Query's
 * parameters: `{{.Query.name}}`.
 *
 * @throws `Invalid`, `NotFound` naming the parameter
 */
export async function pinnedValues(
  parameters: readonly ParameterSource[] | undefined,
  schema: JsonSchema,
  query: Query,
  namespace: string,
  objects: ValueLookup,
): Promise<Record<string, unknown>> {
  const values: [string, unknown][] = [];
  for (const { name, value, valueFrom } of parameters ?? []) {
    const pinned = await named(`pinned parameter '${name}'`, async () => {
      const text = valueFrom
        ? ((await resolveSource(valueFrom, namespace, objects, query)) ?? '')
        : await rendered(value, query, objects);
      return typed(text, (schema.properties as Record<string, JsonSchema> | undefined)?.[name]);
    });
    values.push([name, pinned]);
  }
  return Object.fromEntries(values);
}

async function rendered(value: string | undefined, query: Query, objects: ValueLookup): Promise<string> {
  if (value === undefined) throw invalid('write value or valueFrom');
  if (!value.includes('{{')) return value;
  const { namespace = '', name } = query.metadata;
  const known = await resolveParameters(query.spec.parameters, namespace, objects, query);
  const strict = {
    text: (literal: string) => literal,
    value: (found: unknown) => {
      // What is pinned is often what keeps tenants apart: a gap in it must not pass.
      if (typeof found === 'string') return found;
      throw notFound(`"${value}" names a parameter that query ${namespace}/${name} does not have`);
    },
  };
  return renderTemplate(value, { Query: known }, strict);
}

/** Manifests hold texts; the tool wants what its schema says. */
function typed(text: string, schema: JsonSchema | undefined): unknown {
  const types = [schema?.type].flat().filter((type) => typeof type === 'string');
  if (types.length === 0 || types.includes('string')) return text;
  const parsed = json(text);
  for (const type of types) if (IS[type]?.(parsed)) return parsed;
  throw invalid(`its value is no ${types.join(' or ')}, as the tool's schema wants`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const IS: Record<string, (value: unknown) => boolean> = {
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  null: (value) => value === null,
};
