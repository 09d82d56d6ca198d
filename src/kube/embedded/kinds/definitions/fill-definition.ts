import type { UntypedObject } from '../../../../kit/resource/object.js';
import { CLEANUP_FINALIZER, type DefinitionSpec } from './definition.js';

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
}

/** The names and the conversion that follow from what was given. */
export function fillNames(candidate: UntypedObject): void {
  const spec = candidate.spec as Partial<DefinitionSpec> | undefined;
  const names = spec?.names;
  if (!spec || !names?.kind) return;
  names.singular ??= names.kind.toLowerCase();
  names.listKind ??= `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
}

/**
 * The status of a definition. The real server's controllers establish a definition a moment after it was stored; here
 * it is established with the write itself.
 */
export function establish(candidate: UntypedObject, old?: UntypedObject): void {
  const spec = candidate.spec as Partial<DefinitionSpec> | undefined;
  if (!spec?.names || !Array.isArray(spec.versions)) return;
  const { metadata } = candidate;
  if (!metadata.deletionTimestamp && !metadata.finalizers?.includes(CLEANUP_FINALIZER)) {
    metadata.finalizers = [...(metadata.finalizers ?? []), CLEANUP_FINALIZER];
  }
  const status = old?.status as { storedVersions?: string[]; conditions?: Condition[] } | undefined;
  const stored = status?.storedVersions ?? [];
  const storage = spec.versions.find((version) => version?.storage)?.name;
  const at = candidate.metadata.creationTimestamp ?? '';
  candidate.status = {
    ...status,
    acceptedNames: spec.names,
    conditions: status?.conditions ?? [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found', at),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted', at),
    ],
    storedVersions: storage && !stored.includes(storage) ? [...stored, storage] : stored,
  };
}

function condition(type: string, reason: string, message: string, lastTransitionTime: string): Condition {
  return { type, status: 'True', reason, message, lastTransitionTime };
}
