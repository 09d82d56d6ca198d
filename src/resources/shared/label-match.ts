import type { LabelRequirement, LabelSelector } from './label-selector.js';

type Labels = Record<string, string> | undefined;

/** Whether labels satisfy every term of a selector. An empty selector matches everything, as in Kubernetes. */
export function labelsMatch(selector: LabelSelector | undefined, labels: Labels): boolean {
  const exact = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels?.[key] === value);
  return exact && (selector?.matchExpressions ?? []).every((requirement) => holds(requirement, labels));
}

function holds({ key, operator, values = [] }: LabelRequirement, labels: Labels): boolean {
  const value = labels?.[key];
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  return operator === 'DoesNotExist' && value === undefined;
}
