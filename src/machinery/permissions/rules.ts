import type { Permission } from './permission.js';

/** One rule of a Role or ClusterRole. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** Permissions as few rules as say no more than they do: resources of one group with the same verbs stand together. */
export function rulesOf(permissions: readonly Permission[]): Rule[] {
  const verbs = new Map<string, Set<string>>();
  for (const { group, resource, verbs: given } of permissions) {
    const id = `${group}|${resource}`;
    verbs.set(id, new Set([...(verbs.get(id) ?? []), ...given]));
  }
  const rules = new Map<string, Rule>();
  for (const [id, given] of [...verbs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [group = '', resource = ''] = id.split('|');
    const sorted = [...given].sort();
    const rule = rules.get(`${group}|${sorted.join()}`) ?? { apiGroups: [group], resources: [], verbs: sorted };
    rule.resources.push(resource);
    rules.set(`${group}|${sorted.join()}`, rule);
  }
  return [...rules.values()];
}
