import type { Catalogue, ServedKind } from '../../catalogue.js';

/** One group with its versions, the preferred one first, and the kinds of each. */
export interface ApiGroup {
  name: string;
  versions: { version: string; kinds: ServedKind[] }[];
}

/** The groups served now, the core group first, then by name. */
export function apiGroups(catalogue: Catalogue): ApiGroup[] {
  const groups = Map.groupBy(catalogue.kinds(), (served) => served.type.group);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, kinds]) => ({
      name,
      versions: [...Map.groupBy(kinds, (served) => served.type.version)]
        .sort(([a], [b]) => compareVersions(a, b))
        .map(([version, ofVersion]) => ({ version, kinds: ofVersion })),
    }));
}

/** The order of Kubernetes: `v2` before `v1` before `v1beta2` before `v1alpha1` before anything else, by name. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  for (let at = 0; at < left.length; at++) {
    if (left[at] !== right[at]) return right[at]! - left[at]!;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(version: string): number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return [0, 0, 0];
  const stability = match[2] === undefined ? 3 : match[2] === 'beta' ? 2 : 1;
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}
