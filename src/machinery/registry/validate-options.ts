import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { invalid } from '../../kit/index.js';

/**
 * The options as an instance of the class that declares them, defaults filled in.
 *
 * `owner` opens the sentence of the error, e.g. `engine 'echo'`. Errors: `Invalid` naming every field that does not
 * fit, unknown fields included; values are not repeated, they may be secrets.
 */
export function validateOptions<T extends object>(cls: new () => T, value: unknown, owner = cls.name): T {
  if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    throw invalid(`Options of ${owner} must be an object.`, { reason: 'OptionsNotValid' });
  }
  const instance = plainToInstance(cls, value ?? {}, { exposeDefaultValues: true });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false, value: false },
  });
  if (errors.length === 0) return instance;
  const texts = errors.flatMap((error) => messagesOf(error));
  throw invalid(`Options of ${owner} are not valid: ${texts.join('; ')}.`, {
    reason: 'OptionsNotValid',
    details: { fields: errors.map((error) => error.property) },
  });
}

function messagesOf(error: ValidationError, path = ''): string[] {
  const here = path ? `${path}.${error.property}` : error.property;
  const own = Object.values(error.constraints ?? {}).map((text) =>
    text.startsWith(error.property) ? `${here}${text.slice(error.property.length)}` : `${here}: ${text}`,
  );
  return [...own, ...(error.children ?? []).flatMap((child) => messagesOf(child, here))];
}
