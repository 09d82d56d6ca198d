import type { ValidateFunction } from 'ajv';
import { errorText, invalid } from '../errors/ark-error.js';
import { ProcessorLimit } from '../limits/processor-limit.js';

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = Record<string, unknown>;

/** Of the processor, for one value: nothing else runs meanwhile. */
const CHECK_MS = 500;
/** Of the processor, to read a schema. */
const READ_MS = 2_000;
const LONGEST_PATTERN = 80;
const MOST_PATTERNS = 3;

/** What can take for ever on a short value: expressions that go back, references that double, pairs of items. */
const CAN_BE_SLOW = /"(pattern|patternProperties|format|uniqueItems|\$ref|\$dynamicRef)":/;

interface Check {
  validate: ValidateFunction;
  slow: boolean;
}

/** Checks of schemas already seen: a schema is compiled once for as long as the object lives. */
const compiled = new WeakMap<JsonSchema, Check>();

/** They hold nothing between two calls, and a context of its own for each schema would take memory. */
const checking = new ProcessorLimit(CHECK_MS);
const reading = new ProcessorLimit(READ_MS);

/**
 * What keeps a value from fitting a JSON Schema, a sentence per place; empty when it fits. Values are never repeated.
 *
 * Schemas come from users and from foreign servers. One whose patterns never come to an end is given up after 500 ms of
 * the processor.
 *
 * @param subject what the schema is called in errors, e.g. `spec.outputSchema of agent 'team-a/clerk'`
 * @throws `Invalid` when the schema itself cannot be used, or takes too long
 * @example await schemaProblems({ required: ['city'] }, {}) // ["must have required property 'city'"]
 */
export async function schemaProblems(
  schema: JsonSchema,
  value: unknown,
  subject = 'the JSON Schema',
): Promise<string[]> {
  const check = compiled.get(schema) ?? (await compile(schema, subject));
  if (fits(check, schema, value, subject)) return [];
  const problems = (check.validate.errors ?? []).map(({ instancePath, message = 'does not fit', params, keyword }) => {
    const path = instancePath.slice(1).replaceAll('/', '.');
    const named = keyword === 'additionalProperties' ? ` ('${String(params.additionalProperty)}')` : '';
    const allowed = keyword === 'enum' ? `: ${JSON.stringify(params.allowedValues)}` : '';
    return `${path ? `'${path}' ` : ''}${message}${named}${allowed}`;
  });
  return [...new Set(problems)];
}

function fits({ validate, slow }: Check, schema: JsonSchema, value: unknown, subject: string): boolean {
  let fit: boolean | undefined;
  try {
    fit = slow ? checking.run(() => validate(value)) : validate(value);
  } catch (error) {
    // Schemas that lead back to themselves end with the stack.
    throw invalid(`${subject} cannot be used: ${errorText(error)}`);
  }
  if (fit !== undefined) return fit;
  const patterns = [...patternsIn(schema)];
  const named = patterns.slice(0, MOST_PATTERNS).map((pattern) => `'${cut(pattern)}'`);
  const more = patterns.length > named.length ? ` and ${patterns.length - named.length} more` : '';
  const advice = named.length > 0 ? `: write its patterns without nested repetitions (${named.join(', ')}${more})` : '';
  throw invalid(`${subject} was given up: checking one value took longer than ${CHECK_MS} ms${advice}`, {
    reason: 'SlowSchema',
  });
}

const cut = (text: string) => (text.length > LONGEST_PATTERN ? `${text.slice(0, LONGEST_PATTERN)}…` : text);

/** The regular expressions of a schema, wherever they stand. */
function patternsIn(schema: JsonSchema): Set<string> {
  const found = new Set<string>();
  JSON.stringify(schema, (key, value: unknown) => {
    if (key === 'pattern' && typeof value === 'string') found.add(value);
    if (key === 'patternProperties') for (const pattern of Object.keys(value ?? {})) found.add(pattern);
    return value;
  });
  return found;
}

async function compile(schema: JsonSchema, subject: string): Promise<Check> {
  const [{ Ajv2020 }, formats] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  // One instance per schema: instances remember every schema they saw, and two schemas may claim one `$id`.
  const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false });
  formats.default.default(ajv);
  const { $schema: _dialect, ...rest } = schema;
  let validate: ValidateFunction | undefined;
  try {
    validate = reading.run(() => ajv.compile(rest));
  } catch (error) {
    throw invalid(`${subject} cannot be used: ${errorText(error)}`);
  }
  if (!validate) {
    throw invalid(`${subject} cannot be used: reading it took longer than ${READ_MS} ms`, { reason: 'SlowSchema' });
  }
  const check = { validate, slow: CAN_BE_SLOW.test(JSON.stringify(rest)) };
  compiled.set(schema, check);
  return check;
}
