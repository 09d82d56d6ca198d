import type { Header } from '../../shared/header.js';
import type { Override } from '../../shared/override.js';
import { selectorProblems } from '../../shared/selector-problems.js';

const SOURCES = ['secretKeyRef', 'configMapKeyRef', 'queryParameterRef'] as const;

/** What is wrong with headers, each text after `<prefix>headers[i]`. */
export function headerProblems(headers: readonly Header[] | undefined, prefix = ''): string[] {
  return (headers ?? []).flatMap((header, index) => {
    const problem = headerProblem(header);
    return problem ? [`${prefix}headers[${index}]: ${problem}`] : [];
  });
}

function headerProblem({ name, value }: Header): string | undefined {
  if (!name) return 'a name is required';
  const from = value?.valueFrom;
  if (Boolean(value?.value) === Boolean(from)) return 'exactly one of value.value and value.valueFrom is required';
  if (from && SOURCES.filter((source) => from[source]).length !== 1) {
    return `valueFrom needs exactly one of ${SOURCES.join(', ')}`;
  }
  return undefined;
}

/** What is wrong with the overrides of an Agent or Query. */
export function overrideProblems(overrides: readonly Override[] | undefined): string[] {
  return (overrides ?? []).flatMap((override, index) => {
    if (override.headers.length === 0) return [`overrides[${index}]: at least one header is required`];
    return [
      ...headerProblems(override.headers, `overrides[${index}].`),
      ...selectorProblems(override.labelSelector, `overrides[${index}].labelSelector`),
    ];
  });
}
