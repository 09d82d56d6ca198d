import type { ParameterSource } from '../../shared/parameter.js';
import type { ValueLookup } from '../../values/value-lookup.js';
import { missingReference } from './reference-checks.js';

const SOURCES = ['secretKeyRef', 'configMapKeyRef', 'serviceRef', 'queryParameterRef'] as const;

/** What is wrong with the parameters of an Agent or Query, in order. */
export async function parameterProblems(
  parameters: readonly ParameterSource[] | undefined,
  namespace: string,
  lookup: ValueLookup,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [index, parameter] of (parameters ?? []).entries()) {
    const problem = shapeProblem(parameter) ?? (await missingReference(parameter, namespace, lookup));
    if (problem) problems.push(`parameter[${index}] '${parameter.name}': ${problem}`);
  }
  return problems;
}

function shapeProblem(parameter: ParameterSource): string | undefined {
  const from = parameter.valueFrom;
  if (!parameter.name) return 'a name is required';
  if (parameter.value && from) return 'value and valueFrom cannot both be given';
  if (!parameter.value && !from) return 'one of value and valueFrom is required';
  if (!from) return undefined;
  if (SOURCES.filter((source) => from[source]).length !== 1)
    return `valueFrom needs exactly one of ${SOURCES.join(', ')}`;
  if (from.serviceRef && !from.serviceRef.name) return 'serviceRef needs a name';
  if (from.queryParameterRef && !from.queryParameterRef.name) return 'queryParameterRef needs a name';
  return undefined;
}
