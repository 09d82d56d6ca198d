import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { DefinitionSpec } from './definition.js';

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
}

/**
 * Fills in names, conversion and status. The real server's controllers establish a definition a moment after it was
 * stored; here it is established with the write itself.
 */
export function fillDefinition(candidate: UntypedObject, old?: UntypedObject): void {
  const spec = candidate.spec as Partial<DefinitionSpec> | undefined;
  const names = spec?.names;
  if (!spec || !names?.kind || !Array.isArray(spec.versions)) return;
  names.singular ??= names.kind.toLowerCase();
  names.listKind ??= `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
  const stored = (old?.status as { storedVersions?: string[] } | undefined)?.storedVersions ?? [];
  const storage = spec.versions.find((version) => version.storage)?.name;
  const at = candidate.metadata.creationTimestamp ?? '';
  candidate.status = {
    ...(old?.status as object | undefined),
    acceptedNames: names,
    conditions: (old?.status as { conditions?: Condition[] } | undefined)?.conditions ?? [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found', at),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted', at),
    ],
    storedVersions: storage && !stored.includes(storage) ? [...stored, storage] : stored,
  };
}

function condition(type: string, reason: string, message: string, lastTransitionTime: string): Condition {
  return { type, status: 'True', reason, message, lastTransitionTime };
}
