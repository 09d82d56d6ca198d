import type { StatusCause } from '../../api-server/status.js';
import { equalJson, isObject, type Json } from '../json/json.js';
import { checkEmbedded, isEmbedded } from './embedded-resource.js';
import { checkDuplicates, correlated } from './lists.js';
import { checkScalar, typeMatches, typeName } from './scalars.js';
import { fieldNode, type SchemaNode } from './schema-node.js';

/**
 * Adds what is wrong with a value, in the words of the real server. A part that is the same in the old object is not
 * held against the writer, so that a stricter schema never makes an object impossible to edit.
 */
export function validate(node: SchemaNode, value: unknown, old: unknown, path: string, causes: StatusCause[]): void {
  if (value === old && old !== undefined) return;
  const before = causes.length;
  validateHere(node, value, old, path, causes);
  if (causes.length > before && old !== undefined && equalJson(value, old)) causes.length = before;
}

function validateHere(node: SchemaNode, value: unknown, old: unknown, path: string, causes: StatusCause[]): void {
  const { schema } = node;
  if (value === null && schema.nullable === true) return;
  if (!typeMatches(schema, value)) {
    const got = typeName(value);
    const wanted = schema['x-kubernetes-int-or-string'] ? 'integer,string' : schema.type;
    const message = `Invalid value: "${got}": ${path} in body must be of type ${wanted}: "${got}"`;
    causes.push({ reason: 'FieldValueTypeInvalid', message, field: path });
    return;
  }
  checkScalar(node, value, path, causes);
  if (Array.isArray(value)) validateList(node, value, old, path, causes);
  else if (isObject(value)) validateObject(node, value, old, path, causes);
  checkCombinations(node, value, path, causes);
}

function validateObject(node: SchemaNode, value: Json, old: unknown, path: string, causes: StatusCause[]): void {
  const { schema } = node;
  const before = isObject(old) ? old : undefined;
  for (const field of schema.required ?? []) {
    if (value[field] !== undefined) continue;
    causes.push({ reason: 'FieldValueRequired', message: 'Required value', field: join(path, field) });
  }
  if (isEmbedded(node)) checkEmbedded(value, path, causes);
  const size = Object.keys(value).length;
  checkCount(size, schema.minProperties, schema.maxProperties, path, causes, 'properties');
  for (const field of Object.keys(value)) {
    const below = fieldNode(node, field);
    if (below) validate(below, value[field], before?.[field], join(path, field), causes);
  }
}

function validateList(node: SchemaNode, value: unknown[], old: unknown, path: string, causes: StatusCause[]): void {
  const { schema, items } = node;
  checkCount(value.length, schema.minItems, schema.maxItems, path, causes, 'items');
  if (items) {
    value.forEach((item, index) => {
      validate(items, item, correlated(schema, item, old), `${path}[${index}]`, causes);
    });
  }
  checkDuplicates(schema, value, path, causes);
}

function checkCount(
  count: number,
  minimum: unknown,
  maximum: unknown,
  path: string,
  causes: StatusCause[],
  what: 'items' | 'properties',
): void {
  if (typeof maximum === 'number' && count > maximum) {
    const message = `Too many: ${count}: must have at most ${maximum} items`;
    causes.push({ reason: 'FieldValueTooMany', message, field: path });
  }
  if (typeof minimum === 'number' && count < minimum) {
    const message = `Invalid value: ${count}: ${path} in body should have at least ${minimum} ${what}`;
    causes.push({ reason: 'FieldValueInvalid', message, field: path });
  }
}

function checkCombinations(node: SchemaNode, value: unknown, path: string, causes: StatusCause[]): void {
  const fails = (each: SchemaNode) => {
    const found: StatusCause[] = [];
    validateHere({ ...each, schema: { ...each.schema, nullable: true } }, value, undefined, path, found);
    return found;
  };
  const say = (text: string) =>
    causes.push({ reason: 'FieldValueInvalid', message: `Invalid value: "": "${path}" ${text}`, field: '<nil>' });
  for (const each of node.allOf) {
    const found = fails(each);
    if (found.length > 0) causes.push(...found);
  }
  if (node.anyOf.length > 0 && !node.anyOf.some((each) => fails(each).length === 0)) {
    say('must validate at least one schema (anyOf)');
    causes.push(...fails(node.anyOf[0]!));
  }
  if (node.oneOf.length > 0) {
    const valid = node.oneOf.filter((each) => fails(each).length === 0).length;
    if (valid !== 1) {
      say(
        `must validate one and only one schema (oneOf). Found ${valid === 0 ? 'none valid' : `${valid} valid alternatives`}`,
      );
      if (valid === 0) causes.push(...fails(node.oneOf[0]!));
    }
  }
  if (node.not && fails(node.not).length === 0) say('must not validate the schema (not)');
}

function join(path: string, field: string): string {
  return path ? `${path}.${field}` : field;
}
