import type { ValidateFunction } from 'ajv';
import { errorText, invalid } from '../errors/ark-error.js';

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = Record<string, unknown>;

/** Checks of schemas already seen: a schema is compiled once for as long as the object lives. */
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/**
 * What keeps a value from fitting a JSON Schema, a sentence per place; empty when it fits. Values are never repeated.
 *
 * @throws `Invalid` when the schema itself cannot be used
 */
export async function schemaProblems(schema: JsonSchema, value: unknown): Promise<string[]> {
  const validate = compiled.get(schema) ?? (await compile(schema));
  if (validate(value)) return [];
  const problems = (validate.errors ?? []).map(({ instancePath, message = 'does not fit', params, keyword }) => {
    const path = instancePath.slice(1).replaceAll('/', '.');
    const named = keyword === 'additionalProperties' ? ` ('${String(params.additionalProperty)}')` : '';
    const allowed = keyword === 'enum' ? `: ${JSON.stringify(params.allowedValues)}` : '';
    return `${path ? `'${path}' ` : ''}${message}${named}${allowed}`;
  });
  return [...new Set(problems)];
}

async function compile(schema: JsonSchema): Promise<ValidateFunction> {
  const [{ Ajv2020 }, formats] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  // One instance per schema: instances remember every schema they saw, and two schemas may claim one `$id`.
  const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false });
  formats.default.default(ajv);
  const { $schema: _dialect, ...rest } = schema;
  try {
    const validate = ajv.compile(rest);
    compiled.set(schema, validate);
    return validate;
  } catch (error) {
    throw invalid(`the JSON Schema cannot be used: ${errorText(error)}`);
  }
}
