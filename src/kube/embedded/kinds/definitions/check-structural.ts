import type { StatusCause } from '../../../api-server/status.js';
import type { StructuralSchema } from '../../catalogue.js';
import { costTogether, judgeRule } from '../../schema/cel/cel-rule.js';

const TYPES = new Set(['array', 'boolean', 'integer', 'number', 'object', 'string']);

/** What keeps a schema from being structural, by the rules of apiextensions.k8s.io/v1. */
export function checkStructural(schema: StructuralSchema, path: string): StatusCause[] {
  const causes: StatusCause[] = [];
  if (schema.type !== 'object') causes.push(cause(`${path}.type`, `Invalid value: must be object at the root`));
  const found: Findings = { causes, costs: [] };
  visit(schema, path, found, 1);
  return [...causes, ...costTogether(found.costs, path)];
}

interface Findings {
  causes: StatusCause[];
  /** Of every rule, at most, for one object. */
  costs: { path: string; cost: number }[];
}

/** @param times how often the schema applies within one object, at most; infinite below a list or map without a bound */
function visit(schema: StructuralSchema, path: string, found: Findings, times: number): void {
  const { causes } = found;
  checkType(schema, path, causes);
  checkLists(schema, path, causes);
  checkPattern(schema, path, causes);
  (schema['x-kubernetes-validations'] ?? []).forEach((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}].rule`;
    const { cost, error } = judgeRule(rule.rule, schema, times);
    if (error) causes.push(cause(at, error));
    found.costs.push({ path: at, cost });
  });
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    visit(property, `${path}.properties[${name}]`, found, times);
  }
  if (typeof schema.additionalProperties === 'object') {
    if (schema.properties)
      causes.push(
        cause(`${path}.additionalProperties`, 'Forbidden: additionalProperties and properties are mutual exclusive'),
      );
    const entries = typeof schema.maxProperties === 'number' ? schema.maxProperties : Number.POSITIVE_INFINITY;
    visit(schema.additionalProperties, `${path}.additionalProperties`, found, times * entries);
  }
  const items = typeof schema.maxItems === 'number' ? schema.maxItems : Number.POSITIVE_INFINITY;
  if (schema.items) visit(schema.items, `${path}.items`, found, times * items);
}

function checkType(schema: StructuralSchema, path: string, causes: StatusCause[]): void {
  const free = schema['x-kubernetes-preserve-unknown-fields'] || schema['x-kubernetes-int-or-string'];
  if (schema.type === undefined) {
    if (!free)
      causes.push({
        reason: 'FieldValueRequired',
        field: `${path}.type`,
        message: 'Required value: must not be empty for specified object fields',
      });
  } else if (!TYPES.has(schema.type)) {
    causes.push(
      cause(
        `${path}.type`,
        `Unsupported value: "${schema.type}": supported values: ${[...TYPES].map((type) => `"${type}"`).join(', ')}`,
      ),
    );
  }
  if (schema.$ref !== undefined) causes.push(cause(`${path}.$ref`, 'Forbidden: $ref is not supported'));
  if (schema.type === 'array' && !schema.items)
    causes.push({ reason: 'FieldValueRequired', field: `${path}.items`, message: 'Required value: must be specified' });
}

function checkLists(schema: StructuralSchema, path: string, causes: StatusCause[]): void {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map') {
    if (keys)
      causes.push(
        cause(
          `${path}.x-kubernetes-list-map-keys`,
          'Invalid value: must be empty if x-kubernetes-list-type is not map',
        ),
      );
    return;
  }
  if (!keys?.length) {
    causes.push({
      reason: 'FieldValueRequired',
      field: `${path}.x-kubernetes-list-map-keys`,
      message: 'Required value: must not be empty if x-kubernetes-list-type is map',
    });
  }
  for (const key of keys ?? []) {
    const item = schema.items;
    if (item?.properties?.[key] && (item.required?.includes(key) || item.properties[key]?.default !== undefined))
      continue;
    causes.push({
      reason: 'FieldValueRequired',
      field: `${path}.items.properties[${key}].default`,
      message:
        'Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    });
  }
}

function checkPattern(schema: StructuralSchema, path: string, causes: StatusCause[]): void {
  if (typeof schema.pattern !== 'string') return;
  try {
    new RegExp(schema.pattern, 'u');
  } catch {
    causes.push(cause(`${path}.pattern`, `Invalid value: "${schema.pattern}": must be a valid regular expression`));
  }
}

function cause(field: string, message: string): StatusCause {
  const reason = message.startsWith('Forbidden')
    ? 'FieldValueForbidden'
    : message.startsWith('Unsupported')
      ? 'FieldValueNotSupported'
      : 'FieldValueInvalid';
  return { reason, field, message };
}
