import type { StatusCause } from '../../../api-server/status.js';
import { isObject } from '../../json/json.js';

type Check = (value: unknown, path: string) => StatusCause[];

const isText = (value: unknown) => typeof value === 'string';
const text = is('a string', isText);
const number = is('a number', (value) => typeof value === 'number');
const flag = is('true or false', (value) => typeof value === 'boolean');
const texts = is('a list of strings', (value) => Array.isArray(value) && value.every(isText));
const list = is('a list', Array.isArray);
const rules = is(
  'a list of rules, each with the text "rule"',
  (value) => Array.isArray(value) && value.every((rule) => isObject(rule) && isText(rule.rule)),
);
const schemas: Check = (value, path) =>
  Array.isArray(value) ? value.flatMap((each, index) => schemaShape(each, `${path}[${index}]`)) : list(value, path);
const namedSchemas: Check = (value, path) =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, each]) => schemaShape(each, `${path}[${name}]`))
    : wrong(path, 'an object');

/** The keywords of a schema and what their values must be. */
const KEYWORDS = new Map<string, Check>([
  ...each(text, 'type', 'format', 'title', 'description', 'pattern', 'x-kubernetes-list-type', 'x-kubernetes-map-type'),
  ...each(number, 'minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems'),
  ...each(number, 'minProperties', 'maxProperties'),
  ...each(flag, 'exclusiveMinimum', 'exclusiveMaximum', 'uniqueItems', 'nullable', 'x-kubernetes-int-or-string'),
  ...each(flag, 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'),
  ...each(texts, 'required', 'x-kubernetes-list-map-keys'),
  ...each(list, 'enum'),
  ...each(rules, 'x-kubernetes-validations'),
  ...each(schemaShape, 'items', 'not'),
  ...each((value, path) => (typeof value === 'boolean' ? [] : schemaShape(value, path)), 'additionalProperties'),
  ...each(schemas, 'allOf', 'anyOf', 'oneOf'),
  ...each(namedSchemas, 'properties', 'patternProperties', 'definitions'),
]);

/** Keywords whose values are of a wrong kind. Whoever reads a schema after this may trust its types. */
export function schemaShape(schema: unknown, path: string): StatusCause[] {
  if (!isObject(schema)) return wrong(path, 'an object');
  return Object.entries(schema).flatMap(([keyword, value]) =>
    value === undefined ? [] : (KEYWORDS.get(keyword)?.(value, `${path}.${keyword}`) ?? []),
  );
}

function is(wanted: string, fits: (value: unknown) => boolean): Check {
  return (value, path) => (fits(value) ? [] : wrong(path, wanted));
}

function each(check: Check, ...keywords: string[]): [string, Check][] {
  return keywords.map((keyword) => [keyword, check]);
}

function wrong(field: string, wanted: string): StatusCause[] {
  return [{ reason: 'FieldValueInvalid', field, message: `Invalid value: must be ${wanted}` }];
}
