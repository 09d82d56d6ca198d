import type { WriteOptions } from '../../../api-server/api-server.js';
import { StatusError } from '../../../api-server/status.js';
import type { ServedKind } from '../../catalogue.js';
import type { DoorRequest } from '../http/door-request.js';
import { invalidOption, type OptionsKind, unsupportedOption } from '../http/options-error.js';

const MAX_FIELD_MANAGER_BYTES = 128;
const VALIDATIONS = ['Ignore', 'Strict', 'Warn'] as const;

/** The options every write takes from its query. Throws Invalid for values that do not exist. */
export function writeOptions(request: DoorRequest, kind: OptionsKind): WriteOptions & { fieldManager: string } {
  const given = request.query.text('fieldValidation');
  const fieldValidation = VALIDATIONS.find((value) => value === given);
  if (given !== undefined && !fieldValidation) {
    throw unsupportedOption(kind, 'fieldValidation', given, ['', ...VALIDATIONS]);
  }
  if (Buffer.byteLength(request.fieldManager) > MAX_FIELD_MANAGER_BYTES) {
    const message = `Too long: may not be more than ${MAX_FIELD_MANAGER_BYTES} bytes`;
    throw invalidOption(kind, 'fieldManager', 'FieldValueTooLong', message);
  }
  return {
    dryRun: isDryRun(request.query.all('dryRun'), kind),
    fieldManager: request.fieldManager,
    fieldValidation: fieldValidation ?? 'Warn',
    onWarning: (text) => request.warnings.push(text),
  };
}

/** Whether `dryRun` asks for it; the only directive there is is `All`. */
export function isDryRun(directives: readonly unknown[], kind: OptionsKind): boolean {
  if (directives.some((directive) => directive !== 'All')) throw unsupportedOption(kind, 'dryRun', directives, ['All']);
  return directives.length > 0;
}

/**
 * Writes with what a reader found in the body in mind: warnings, or a refusal when the client asked for strictness. A
 * refusal names the unknown fields too, which only a dry run of the write can tell.
 */
export async function writeDespite<T, O extends WriteOptions>(
  findings: string[],
  served: ServedKind,
  options: O,
  write: (options: O) => Promise<T>,
): Promise<T> {
  if (findings.length > 0 && options.fieldValidation === 'Strict') {
    const { kind, version } = served.type;
    const before = `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: `;
    const more = await refusalOf(() => write({ ...options, dryRun: true }), before);
    throw new StatusError('BadRequest', before + [...findings, ...more].join(', '));
  }
  if (options.fieldValidation !== 'Ignore') for (const finding of findings) options.onWarning?.(finding);
  return write(options);
}

async function refusalOf(attempt: () => Promise<unknown>, before: string): Promise<string[]> {
  try {
    await attempt();
  } catch (error) {
    if (StatusError.is(error, 'BadRequest') && error.message.startsWith(before)) {
      return [error.message.slice(before.length)];
    }
  }
  return [];
}
