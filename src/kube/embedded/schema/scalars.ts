import type { StatusCause } from '../../api-server/status.js';
import type { StructuralSchema } from '../catalogue.js';
import { matchesFormat } from './formats.js';
import type { SchemaNode } from './schema-node.js';

export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

export function typeMatches(schema: StructuralSchema, value: unknown): boolean {
  const got = typeName(value);
  if (schema['x-kubernetes-int-or-string']) return got === 'integer' || got === 'string';
  if (schema.type === undefined) return true;
  return schema.type === got || (schema.type === 'number' && got === 'integer');
}

/** Limits of texts and numbers, and the list of allowed values. */
export function checkScalar(node: SchemaNode, value: unknown, path: string, causes: StatusCause[]): void {
  if (typeof value === 'string') checkText(node, value, path, causes);
  else if (typeof value === 'number') checkNumber(node.schema, value, path, causes);
  if (node.enumTexts && !node.enumTexts.has(JSON.stringify(value))) {
    const supported = node.schema.enum!.map((each) => `"${String(each)}"`).join(', ');
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    causes.push({ reason: 'FieldValueNotSupported', message, field: path });
  }
}

function checkText(node: SchemaNode, value: string, path: string, causes: StatusCause[]): void {
  const { maxLength, minLength, format, pattern } = node.schema;
  if (typeof maxLength === 'number' && characters(value) > maxLength) {
    const message = `Too long: may not be more than ${maxLength} bytes`;
    causes.push({ reason: 'FieldValueTooLong', message, field: path });
  } else if (typeof minLength === 'number' && characters(value) < minLength) {
    causes.push(invalid(path, value, `should be at least ${minLength} chars long`));
  } else if (node.pattern && !node.pattern.test(value)) {
    causes.push(invalid(path, value, `should match '${String(pattern)}'`));
  }
  if (typeof format === 'string' && !matchesFormat(format, value)) {
    const text = JSON.stringify(value);
    const message = `Invalid value: ${text}: ${path} in body must be of type ${format}: ${text}`;
    causes.push({ reason: 'FieldValueTypeInvalid', message, field: path });
  }
}

function checkNumber(schema: StructuralSchema, value: number, path: string, causes: StatusCause[]): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof multipleOf === 'number' && !Number.isInteger(value / multipleOf)) {
    causes.push(invalid(path, value, `should be a multiple of ${multipleOf}`));
  }
  if (typeof maximum === 'number' && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    const than = exclusiveMaximum === true ? 'less than' : 'less than or equal to';
    causes.push(invalid(path, value, `should be ${than} ${maximum}`));
  }
  if (typeof minimum === 'number' && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    const than = exclusiveMinimum === true ? 'greater than' : 'greater than or equal to';
    causes.push(invalid(path, value, `should be ${than} ${minimum}`));
  }
}

function invalid(path: string, value: string | number, text: string): StatusCause {
  const message = `Invalid value: ${JSON.stringify(value)}: ${path} in body ${text}`;
  return { reason: 'FieldValueInvalid', message, field: path };
}

/** Unicode characters, as Go counts runes. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
