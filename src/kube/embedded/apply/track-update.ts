import type { ManagedFieldsEntry, UntypedObject } from '../../../kit/resource/object.js';
import type { Kind } from '../kinds/kind.js';
import { timestamp } from '../writing/envelope.js';
import type { WriteSettings } from '../writing/write-settings.js';
import { compareMaps } from './compare.js';
import { difference, isEmpty, NOTHING, sameFields, union } from './fields.js';
import { decodeManagers, encodeManagers, type Manager, type Managers, managerId } from './managers.js';
import { trackedPart, trackedSchema } from './tracked-root.js';

/** Writes into `next` who owns what after a create, an update or a patch. */
export function trackUpdate(
  kind: Kind,
  old: UntypedObject | undefined,
  next: UntypedObject,
  settings: WriteSettings,
  now: Date,
): void {
  const managers = startingPoint(next.metadata.managedFields, old?.metadata.managedFields);
  // An object whose owners were reset stays without, until somebody applies it.
  if (old && managers.size === 0) {
    delete next.metadata.managedFields;
    return;
  }
  const changes = compareMaps(trackedSchema(kind), trackedPart(kind, old), trackedPart(kind, next));
  const touched = union(changes.added, changes.modified);
  const lost = union(touched, changes.removed);
  if (!isEmpty(lost)) {
    const self = selfOf(kind, settings);
    const id = managerId(self);
    const former = managers.get(id);
    for (const [other, manager] of managers) {
      if (other !== id) managers.set(other, { ...manager, fields: difference(manager.fields, lost) });
    }
    const fields = union(difference(former?.fields ?? NOTHING, changes.removed), touched);
    const same = former !== undefined && sameFields(former.fields, fields);
    managers.set(id, { ...self, time: same ? former.time : timestamp(now), fields });
  }
  const entries = encodeManagers(managers);
  if (entries) next.metadata.managedFields = entries;
  else delete next.metadata.managedFields;
}

/** A request may rewrite the owners; an empty list says nothing, a list of one empty entry resets them. */
function startingPoint(given: ManagedFieldsEntry[] | undefined, stored: ManagedFieldsEntry[] | undefined): Managers {
  if (given?.length === 1 && Object.keys(given[0] ?? {}).length === 0) return new Map();
  const wanted = given === stored || !given?.length ? undefined : decodeManagers(given);
  return wanted ?? decodeManagers(stored) ?? new Map();
}

function selfOf(kind: Kind, settings: WriteSettings): Omit<Manager, 'fields'> {
  return {
    name: settings.manager,
    operation: 'Update',
    apiVersion: kind.apiVersion,
    ...(settings.subresource ? { subresource: settings.subresource } : {}),
  };
}
