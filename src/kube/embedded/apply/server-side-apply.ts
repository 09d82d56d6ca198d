import type { UntypedObject } from '../../../kit/resource/object.js';
import { badRequest } from '../errors/refusals.js';
import { copyJson, equalJson, type Json } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { timestamp } from '../writing/envelope.js';
import type { ApplySettings } from '../writing/write-settings.js';
import { checkApplied } from './check-applied.js';
import { compareMaps, type Difference } from './compare.js';
import { conflictError, type OwnershipConflict } from './conflicts.js';
import { appliedFields, withNamedFields } from './field-sets.js';
import { difference, type Fields, intersection, isEmpty, NOTHING, sameFields, union } from './fields.js';
import { fieldsLastApplied, refreshLastApplied } from './last-applied.js';
import { decodeManagers, encodeManagers, type Managers, managerId } from './managers.js';
import { mergeApplied } from './merge.js';
import { removeFields } from './remove-fields.js';
import { trackedPart, trackedSchema } from './tracked-root.js';

/**
 * The object after an apply: the configuration laid over the live object, fields that this manager applied before and
 * gave up removed (unless somebody else owns them), and the new owners. Throws Conflict when fields of other managers
 * would change and `force` is off.
 */
export function serverSideApply(
  kind: Kind,
  live: UntypedObject | undefined,
  config: UntypedObject,
  settings: ApplySettings,
  now: Date,
): UntypedObject {
  if (config.metadata.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  const schema = trackedSchema(kind);
  const applied = relevant(kind, trackedPart(kind, config), settings);
  checkApplied(schema, applied, config.metadata.name, kind.apiVersion, kind.served.type.kind);
  const managers = ownersBefore(kind, schema, live, now);
  const self = {
    name: settings.manager,
    operation: 'Apply' as const,
    apiVersion: kind.apiVersion,
    ...(settings.subresource ? { subresource: settings.subresource } : {}),
  };
  const id = managerId(self);
  const former = managers.get(id);
  const fields = appliedFields(schema, applied) ?? NOTHING;
  managers.set(id, { ...self, time: former?.time, fields });

  const before = trackedPart(kind, live);
  const after = withoutGivenUp(schema, mergeApplied(schema, before, applied) as Json, former?.fields, managers);
  const changes = compareMaps(schema, before, after);
  const free = fieldsLastApplied(kind, schema, live, settings.manager);
  takeOver(managers, id, changes, settings.force ? 'all' : free);
  if (!former || !sameFields(former.fields, fields) || !equalJson(before, after)) {
    managers.get(id)!.time = timestamp(now);
  }
  const next = assemble(kind, live, config, after, managers);
  refreshLastApplied(next, config, settings.manager);
  return next;
}

/** The status belongs to its subresource, all else to the main resource. Metadata that says nothing owns nothing. */
function relevant(kind: Kind, part: Json, settings: ApplySettings): Json {
  const { metadata, status, ...rest } = part;
  const state = status === undefined ? {} : { status };
  if (settings.subresource === 'status') return state;
  const named = Object.keys(metadata as Json).length > 0 ? { metadata } : {};
  return kind.served.statusSubresource ? { ...named, ...rest } : { ...named, ...rest, ...state };
}

/** Fields of an object that nobody ever applied belong to everybody who wrote before. */
function ownersBefore(kind: Kind, schema: SchemaNode, live: UntypedObject | undefined, now: Date): Managers {
  const managers = decodeManagers(live?.metadata.managedFields) ?? new Map();
  if (!live || managers.size > 0) return managers;
  const fields = compareMaps(schema, trackedPart(kind, undefined), trackedPart(kind, live)).added;
  const first = {
    name: 'before-first-apply',
    operation: 'Update' as const,
    apiVersion: kind.apiVersion,
    time: timestamp(now),
    fields,
  };
  return managers.set(managerId(first), first);
}

function withoutGivenUp(schema: SchemaNode, merged: Json, former: Fields | undefined, managers: Managers): Json {
  if (!former) return merged;
  let owned: Fields = NOTHING;
  for (const manager of managers.values()) owned = union(owned, manager.fields);
  const orphaned = difference(withNamedFields(schema, former), withNamedFields(schema, owned));
  const { metadata, ...rest } = removeFields(schema, merged, orphaned) as Json;
  return { metadata: metadata ?? {}, ...rest };
}

/** `free`: fields of others that may be taken without a conflict. */
function takeOver(managers: Managers, self: string, changes: Difference, free: Fields | 'all'): void {
  const touched = union(changes.added, changes.modified);
  const conflicts: OwnershipConflict[] = [];
  for (const [id, manager] of managers) {
    if (id === self) continue;
    const fields = intersection(manager.fields, touched);
    if (!isEmpty(fields)) conflicts.push({ manager, fields });
  }
  const fought =
    free === 'all'
      ? []
      : conflicts
          .map(({ manager, fields }) => ({ manager, fields: difference(fields, free) }))
          .filter(({ fields }) => !isEmpty(fields));
  if (fought.length > 0) throw conflictError(fought);
  for (const { manager, fields } of conflicts) {
    managers.set(managerId(manager), { ...manager, fields: difference(manager.fields, fields) });
  }
  if (isEmpty(changes.removed)) return;
  for (const [id, manager] of managers) {
    if (id !== self) managers.set(id, { ...manager, fields: difference(manager.fields, changes.removed) });
  }
}

function assemble(
  kind: Kind,
  live: UntypedObject | undefined,
  config: UntypedObject,
  after: Json,
  managers: Managers,
): UntypedObject {
  const { metadata, ...rest } = copyJson(after);
  const envelope = live?.metadata ?? config.metadata;
  const next = {
    apiVersion: kind.apiVersion,
    kind: kind.served.type.kind,
    metadata: { ...identity(envelope), ...(metadata as object) },
    ...rest,
  } as UntypedObject;
  if (config.metadata.resourceVersion) next.metadata.resourceVersion = config.metadata.resourceVersion;
  if (config.metadata.uid) next.metadata.uid = config.metadata.uid;
  const entries = encodeManagers(managers);
  if (entries) next.metadata.managedFields = entries;
  return next;
}

/** What names the object and what the server wrote; owned metadata comes from the merge. */
function identity(metadata: UntypedObject['metadata']): Partial<UntypedObject['metadata']> {
  const { labels: _l, annotations: _a, finalizers: _f, ownerReferences: _o, managedFields: _m, ...rest } = metadata;
  return rest;
}
