import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { invalid } from '../errors/ark-error.js';

/**
 * Turns plain options into an instance of the class that describes them, with its defaults.
 *
 * @param subject what the options belong to, for the message, e.g. `options of engine 'echo'`
 * @throws Invalid naming every wrong and every unknown field
 */
export function readOptions<T extends object>(
  describedBy: (new () => T) | undefined,
  plain: unknown,
  subject: string,
): T {
  const given = plain ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw invalid(`${subject}: must be an object`);
  if (!describedBy) {
    const unknown = Object.keys(given);
    if (unknown.length > 0) throw invalid(`${subject}: takes no options, got ${unknown.join(', ')}`);
    return {} as T;
  }
  const options = plainToInstance(describedBy, given, { exposeDefaultValues: true });
  const wrong = validateSync(options, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  if (wrong.length > 0) throw invalid(`${subject}: ${wrong.flatMap((error) => complaints(error)).join('; ')}`);
  return options;
}

function complaints(error: ValidationError, parent = ''): string[] {
  const path = parent ? `${parent}.${error.property}` : error.property;
  const own = Object.values(error.constraints ?? {}).map((text) => (parent ? `${path}: ${text}` : text));
  return [...own, ...(error.children ?? []).flatMap((child) => complaints(child, path))];
}
