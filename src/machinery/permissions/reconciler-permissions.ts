import { type Need, type ReconcilerOptions, type ResourceClass, resourceType, type Verb } from '../../kit/index.js';
import type { Permission } from './permission.js';

const FOLLOW: readonly Verb[] = ['list', 'watch'];
/** Server-side apply makes what does not exist. */
const OWN: readonly Verb[] = ['create', 'patch', 'delete'];

/** The rights that follow from what a reconciler declares. */
export function reconcilerPermissions({ kind, follows = [], owns = [], reads = [], needs = [] }: ReconcilerOptions) {
  const seen = [kind, ...follows.map((follow) => follow.kind), ...owns, ...reads];
  const isStatus = ({ kind: of, subresource }: Need) => of === kind && subresource === 'status';
  return [
    ...seen.map((of) => permission(of, FOLLOW)),
    ...(needs.some(isStatus) ? [] : [permission(kind, ['patch'], 'status')]),
    ...owns.map((of) => permission(of, OWN)),
    ...needs.map(({ kind: of, verbs, subresource }) => permission(of, verbs, subresource)),
  ];
}

function permission(kind: ResourceClass, verbs: readonly Verb[], subresource?: 'status'): Permission {
  const { group, plural } = resourceType(kind);
  return { group, resource: subresource ? `${plural}/${subresource}` : plural, verbs };
}
