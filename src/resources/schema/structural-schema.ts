import { getMetadataStorage } from 'class-validator';
import { type CelRule, celRules, type FieldSchema, fieldSchema } from '../../kit/index.js';
import { type FieldClass, nestedClass } from './fields.js';
import { type RuleMetadata, ruleSchema } from './rule-schema.js';

/** A structural schema node, as in a CRD's `openAPIV3Schema`. */
export interface StructuralSchema {
  type?: string;
  description?: string;
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema;
  items?: StructuralSchema;
  required?: string[];
  default?: unknown;
  enum?: unknown[];
  'x-kubernetes-validations'?: CelRule[];
  [keyword: string]: unknown;
}

/**
 * The structural schema of a class, from its class-validator and kit decorators: no `$ref`, every node typed, nested
 * classes written out in place. Throws on recursion, on a field without a type and on a decorator it does not know.
 */
export function structuralSchema(of: FieldClass, within: readonly FieldClass[] = []): StructuralSchema {
  const path = [...within, of];
  if (within.includes(of)) {
    const chain = path.map((each) => each.name).join(' -> ');
    throw new Error(`recursive type ${chain}: a structural schema cannot hold it; mark the field @PreserveUnknown()`);
  }
  const properties: Record<string, StructuralSchema> = {};
  const required: string[] = [];
  for (const [property, rules] of validationRules(of)) {
    const schema = propertySchema(of, property, rules, path);
    properties[property] = schema;
    const optional = rules.some((rule) => rule.type === 'conditionalValidation');
    if (!optional && schema.default === undefined) required.push(property);
  }
  const cel = celRules(of.prototype as object);
  return {
    type: 'object',
    ...(required.length > 0 ? { required } : {}),
    properties,
    ...(cel.length > 0 ? { 'x-kubernetes-validations': cel } : {}),
  };
}

/** Decorators by property, in the order in which the class declares its fields. */
function validationRules(of: FieldClass): Map<string, RuleMetadata[]> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(of, '', false, false) as unknown as RuleMetadata[];
  return Map.groupBy(rules, (rule) => rule.propertyName);
}

function propertySchema(of: FieldClass, property: string, rules: RuleMetadata[], path: FieldClass[]): StructuralSchema {
  const where = `${of.name}.${property}`;
  const field = fieldSchema(of.prototype as object, property);
  const nested = nestedClass(of.prototype as object, property);
  if (!nested && rules.some((rule) => rule.type === 'nestedValidation')) {
    throw new Error(`${where}: say @Nested(() => Class) or @ListOf(() => Class) instead of @ValidateNested()`);
  }
  let own: StructuralSchema = {};
  let items: StructuralSchema = {};
  for (const rule of rules) {
    if (rule.each) items = { ...items, ...ruleSchema(rule, where) };
    else own = { ...own, ...ruleSchema(rule, where) };
  }
  const isList = own.type === 'array' || rules.some((rule) => rule.each);
  const inner = nested ? structuralSchema(nested, path) : {};
  const shape = isList ? { ...own, type: 'array', items: { ...items, ...inner } } : { ...own, ...inner };
  const schema = withField(shape, field, path);
  // A class's own rules travel inside `inner`; those of the property come after them.
  const cel = [...((shape['x-kubernetes-validations'] as CelRule[] | undefined) ?? [])];
  cel.push(...celRules(of.prototype as object, property));
  if (cel.length > 0) schema['x-kubernetes-validations'] = cel;
  requireType(schema, where);
  return schema;
}

/** Applies what `@Field` and its short forms say. */
function withField(shape: StructuralSchema, field: FieldSchema, path: FieldClass[]): StructuralSchema {
  const schema: StructuralSchema = { ...shape };
  if (field.description) schema.description = field.description;
  if (field.mapOf) {
    schema.type = 'object';
    schema.additionalProperties =
      typeof field.mapOf === 'string' ? { type: field.mapOf } : structuralSchema(field.mapOf(), path);
  }
  if (field.intOrString) {
    delete schema.type;
    schema['x-kubernetes-int-or-string'] = true;
    schema.anyOf = [{ type: 'integer' }, { type: 'string' }];
  }
  if (field.preserveUnknown) {
    schema['x-kubernetes-preserve-unknown-fields'] = true;
    if (field.anyType) delete schema.type;
    else schema.type ??= 'object';
  }
  if (field.format) schema.format = field.format;
  if (field.listType) schema['x-kubernetes-list-type'] = field.listType;
  if (field.listMapKeys) schema['x-kubernetes-list-map-keys'] = field.listMapKeys;
  if (field.atomicMap) schema['x-kubernetes-map-type'] = 'atomic';
  if (field.default !== undefined) schema.default = field.default;
  return schema;
}

function requireType(schema: StructuralSchema, where: string): void {
  const typed = (node: StructuralSchema) =>
    node.type ?? node['x-kubernetes-int-or-string'] ?? node['x-kubernetes-preserve-unknown-fields'];
  if (!typed(schema)) throw new Error(`${where}: no type; add @IsString() and the like`);
  if (schema.type === 'array' && !typed(schema.items ?? {})) {
    throw new Error(`${where}: list items have no type; say @ListOf(() => Class) or @TextList()`);
  }
}
