import type { StructuralSchema } from '../../../catalogue.js';

// Numbers: k8s.io/apiserver/pkg/cel, as of Kubernetes 1.35.

/** The largest request: what no schema bounds, this does. */
const MOST_BYTES = 3 * 1024 * 1024;
/** Longest texts of the formats that have a length. */
const FORMAT_LENGTHS: Record<string, number> = { duration: 30, date: 10, 'date-time': 20 };
const KEY_AND_SIGNS = 6;
const NAME_SIGNS = 4;

/** How many characters, items or entries a value may have at most. */
export function mostElements(schema: StructuralSchema): number {
  if (schema.type === 'string') return mostCharacters(schema);
  if (schema.type === 'array') return count(schema.maxItems) ?? mostValues(schema.items);
  const entry = schema.additionalProperties;
  if (typeof entry !== 'object') return 1;
  return count(schema.maxProperties) ?? Math.floor(MOST_BYTES / (leastBytes(entry) + KEY_AND_SIGNS));
}

/** How many values of a kind fit into the largest request. */
export function mostValues(schema: StructuralSchema | undefined): number {
  return Math.floor(MOST_BYTES / (leastBytes(schema) + 1));
}

function mostCharacters(schema: StructuralSchema): number {
  const bound = count(schema.maxLength);
  if (bound !== undefined) return bound;
  if (schema.enum && schema.enum.length > 0) return Math.max(...schema.enum.map((word) => String(word).length));
  return FORMAT_LENGTHS[String(schema.format)] ?? MOST_BYTES - 2;
}

/** The shortest JSON of a value: an object is as short as what it must have. */
function leastBytes(schema: StructuralSchema | undefined): number {
  switch (schema?.type) {
    case 'boolean':
      return 4;
    case 'integer':
    case 'number':
      return 1;
    case 'object': {
      const required = (schema.required ?? []).map((name) => [name, schema.properties?.[name]] as const);
      const there = required.filter(([, property]) => property && property.default === undefined);
      return there.reduce((sum, [name, property]) => sum + name.length + NAME_SIGNS + leastBytes(property), 2);
    }
    default:
      return 2;
  }
}

const count = (bound: unknown): number | undefined => (typeof bound === 'number' ? Math.max(0, bound) : undefined);
