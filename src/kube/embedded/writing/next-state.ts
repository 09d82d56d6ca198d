import type { ObjectMeta, UntypedObject } from '../../../kit/resource/object.js';
import { conflict, invalid, modified } from '../errors/refusals.js';
import { copyJson } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';
import type { WriteSettings } from './write-settings.js';

/** Fields of the metadata that only this server writes. */
const OWN: readonly (keyof ObjectMeta)[] = [
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

/**
 * What an update makes of an object: the spec from the request and the status from the store, or the other way round
 * for the status subresource. The server's own metadata never changes by a request.
 */
export function nextState(
  kind: Kind,
  wanted: UntypedObject,
  old: UntypedObject,
  settings: WriteSettings,
): UntypedObject {
  const { type } = kind.served;
  const { name } = old.metadata;
  const { uid, resourceVersion } = wanted.metadata;
  if (uid && uid !== old.metadata.uid) {
    throw conflict(
      type,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (!resourceVersion && !kind.rules.unconditionalUpdate) {
    const message = 'Invalid value: 0: must be specified for an update';
    throw invalid(
      type,
      name,
      [{ reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' }],
      type.plural,
    );
  }
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw modified(type, name);
  if (settings.subresource === 'status') return withStatus(wanted, old);
  const next = wanted;
  for (const field of OWN) {
    if (old.metadata[field] === undefined) delete next.metadata[field];
    else (next.metadata as unknown as Record<string, unknown>)[field] = old.metadata[field];
  }
  if (kind.served.statusSubresource) {
    if (old.status === undefined) delete next.status;
    else next.status = old.status;
  }
  return next;
}

function withStatus(wanted: UntypedObject, old: UntypedObject): UntypedObject {
  const metadata = { ...old.metadata, managedFields: wanted.metadata.managedFields };
  const next: UntypedObject = { ...old, metadata };
  if (wanted.status === undefined || wanted.status === null) delete next.status;
  else next.status = copyJson(wanted.status);
  return next;
}
