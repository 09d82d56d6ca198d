import { ArkError, errorText, invalid } from '../../kit/index.js';
import type { ParameterSource } from '../shared/parameter.js';
import type { ParameterOwner } from './parameter-owner.js';
import { resolveSource } from './resolve-value.js';
import type { ValueLookup } from './value-lookup.js';

/**
 * Names and texts of parameters, ready for a template. An absent optional source becomes an empty text; the last of two
 * parameters with one name wins. Throws on the first parameter that cannot be resolved, naming it.
 */
export async function resolveParameters(
  parameters: readonly ParameterSource[] | undefined,
  namespace: string,
  lookup: ValueLookup,
  query?: ParameterOwner,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const parameter of parameters ?? []) {
    values[parameter.name] = await named(`parameter "${parameter.name}"`, () =>
      parameterText(parameter, namespace, lookup, query),
    );
  }
  return values;
}

async function parameterText(
  parameter: ParameterSource,
  namespace: string,
  lookup: ValueLookup,
  query?: ParameterOwner,
): Promise<string> {
  if (parameter.value) return parameter.value;
  if (parameter.valueFrom) return (await resolveSource(parameter.valueFrom, namespace, lookup, query)) ?? '';
  if (parameter.value === '') return '';
  throw invalid('write value or valueFrom');
}

/** Runs it; a failure keeps its family and says what it was about. */
export async function named<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    const { family, reason, details, retryAfterMs } = error;
    throw new ArkError(family, `${what}: ${errorText(error)}`, { reason, details, retryAfterMs, cause: error });
  }
}
