import type { WriteOptions } from '../../../api-server/api-server.js';
import { StatusError } from '../../../api-server/status.js';
import type { ServedKind } from '../../catalogue.js';
import type { DoorRequest } from '../http/door-request.js';
import { type OptionsKind, unsupportedOption } from '../http/options-error.js';

const VALIDATIONS = ['Ignore', 'Strict', 'Warn'] as const;

/** The options every write takes from its query. Throws Invalid for values that do not exist. */
export function writeOptions(request: DoorRequest, kind: OptionsKind): WriteOptions & { fieldManager: string } {
  const given = request.query.text('fieldValidation');
  const fieldValidation = VALIDATIONS.find((value) => value === given);
  if (given !== undefined && !fieldValidation) {
    throw unsupportedOption(kind, 'fieldValidation', given, ['', ...VALIDATIONS]);
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

/** What a strict reader found in a body: an error or a warning, as the client asked. */
export function reportFindings(findings: string[], served: ServedKind, options: WriteOptions): void {
  if (findings.length === 0 || options.fieldValidation === 'Ignore') return;
  if (options.fieldValidation === 'Strict') {
    const { kind, version } = served.type;
    const before = `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: `;
    throw new StatusError('BadRequest', before + findings.join(', '));
  }
  for (const finding of findings) options.onWarning?.(finding);
}
