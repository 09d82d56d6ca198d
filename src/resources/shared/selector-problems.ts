import type { LabelRequirement, LabelSelector } from './label-selector.js';

const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** Whether the operator takes values. */
const OPERATORS: Record<string, boolean> = { In: true, NotIn: true, Exists: false, DoesNotExist: false };

/**
 * What is wrong with a label selector, each text after its field, e.g. `selector.matchExpressions[0]: …`. Kubernetes
 * refuses such a selector instead of matching nothing with it.
 */
export function selectorProblems(selector: LabelSelector | undefined, field: string): string[] {
  const exact = Object.entries(selector?.matchLabels ?? {}).flatMap(([key, value]) =>
    termProblems(key, [value]).map((text) => `${field}.matchLabels: ${text}`),
  );
  const expressions = (selector?.matchExpressions ?? []).flatMap((requirement, index) =>
    requirementProblems(requirement).map((text) => `${field}.matchExpressions[${index}]: ${text}`),
  );
  return [...exact, ...expressions];
}

function requirementProblems({ key, operator, values = [] }: LabelRequirement): string[] {
  const takesValues = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (takesValues === undefined) {
    return [`unknown operator ${JSON.stringify(operator)}; known operators: ${Object.keys(OPERATORS).join(', ')}`];
  }
  const problems = termProblems(key, values);
  if (takesValues && values.length === 0) problems.push(`operator ${operator} needs values`);
  if (!takesValues && values.length > 0) problems.push(`operator ${operator} takes no values`);
  return problems;
}

function termProblems(key: string, values: string[]): string[] {
  const bad = values.filter((value) => !VALUE.test(value));
  return [
    ...(KEY.test(key) ? [] : [`${JSON.stringify(key)} is no label key`]),
    ...bad.map((value) => `${JSON.stringify(value)} is no label value`),
  ];
}
