import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../kit/index.js';

type Tree = Record<string, unknown>;

/**
 * Whether applying `status` under `manager` would change nothing: every field has its value already, and the manager
 * owns no field that `status` leaves out (which an apply would give up).
 */
export function isApplied(resource: KubeObject & { status?: object }, status: object, manager: string): boolean {
  if (!holds(resource.status, status)) return false;
  const entry = resource.metadata.managedFields?.find(
    (field) => field.manager === manager && field.operation === 'Apply' && field.subresource === 'status',
  );
  const owned = (entry?.fieldsV1 as Tree | undefined)?.['f:status'];
  return owned === undefined || within(owned as Tree, status);
}

/** Whether every field wanted has the value wanted. Lists keyed by `type` (conditions) are compared by key. */
function holds(stored: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(stored)) return false;
    if (wanted.length === 0 || !wanted.every(isTyped)) return isDeepStrictEqual(stored, wanted);
    return wanted.every((item) =>
      holds(
        stored.filter(isTyped).find(({ type }) => type === item.type),
        item,
      ),
    );
  }
  if (isTree(wanted)) {
    return isTree(stored) && Object.entries(wanted).every(([field, value]) => holds(stored[field], value));
  }
  return stored === wanted;
}

/** Whether every owned field (in the form of `fieldsV1`) is among the fields wanted. */
function within(owned: Tree, wanted: unknown): boolean {
  return Object.entries(owned).every(([path, inner]) => {
    if (path.startsWith('f:')) {
      const value = isTree(wanted) ? wanted[path.slice(2)] : undefined;
      return value !== undefined && within(inner as Tree, value);
    }
    if (path.startsWith('k:')) {
      const keys = Object.entries(JSON.parse(path.slice(2)) as Tree);
      const items = Array.isArray(wanted) ? wanted.filter(isTree) : [];
      const item = items.find((candidate) => keys.every(([key, value]) => candidate[key] === value));
      return item !== undefined && within(inner as Tree, item);
    }
    return true;
  });
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTyped = (value: unknown): value is Tree & { type: string } => isTree(value) && typeof value.type === 'string';
