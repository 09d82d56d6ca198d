import type { ObjectMeta } from '../../../kit/resource/object.js';

const KNOWN: ReadonlySet<string> = new Set<keyof ObjectMeta | 'selfLink' | 'clusterName'>([
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'managedFields',
  'selfLink',
]);

/** Every kind has the same metadata. Drops what is not part of it, and empty collections as the real server does. */
export function pruneMetadata(metadata: ObjectMeta, unknown: string[]): void {
  const fields = metadata as unknown as Record<string, unknown>;
  for (const field of Object.keys(fields)) {
    const value = fields[field];
    if (!KNOWN.has(field)) {
      unknown.push(`metadata.${field}`);
      delete fields[field];
    } else if (value === null || value === '' || isEmpty(value)) delete fields[field];
    else if (field === 'labels' || field === 'annotations') fields[field] = withoutNulls(value);
  }
}

/** Go reads a null in a map of texts as the empty text. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || !Object.values(value as object).includes(null)) return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, each ?? '']));
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return false;
  return true;
}
