import { applyPatch as applyOperations, type Operation } from 'rfc6902';
import type { UntypedObject } from '../../../kit/resource/object.js';
import type { Patch } from '../../api-server/api-server.js';
import { StatusError } from '../../api-server/status.js';
import type { StructuralSchema } from '../catalogue.js';
import { badRequest, invalid } from '../errors/refusals.js';
import { copyJson, isObject } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';
import { METADATA_SCHEMA } from '../schema/metadata-schema.js';
import { mergePatch } from './merge-patch.js';
import { strategicMerge } from './strategic-merge.js';

/** The object after the patch, as a fresh object. A patch cannot make it another object. */
export function applyPatch(kind: Kind, current: UntypedObject, patch: Patch): UntypedObject {
  const patched = patchedObject(kind, current, patch);
  const { name, namespace, uid } = patched.metadata ?? {};
  const { type } = kind.served;
  if (name !== current.metadata.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${current.metadata.name})`);
  }
  if (namespace !== current.metadata.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (patched.apiVersion !== current.apiVersion) {
    const message = `Invalid value: ${JSON.stringify(patched.apiVersion)}: must be ${current.apiVersion}`;
    throw invalid(type, name, [{ reason: 'FieldValueInvalid', message, field: 'apiVersion' }]);
  }
  if (uid !== current.metadata.uid) {
    const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
    throw invalid(type, name, [{ reason: 'FieldValueInvalid', message, field: 'metadata.uid' }]);
  }
  return patched;
}

function patchedObject(kind: Kind, current: UntypedObject, patch: Patch): UntypedObject {
  if (patch.type === 'json') return applyJsonPatch(copyJson(current), patch.body as Operation[]);
  if (!isObject(patch.body)) throw badRequest(`a ${patch.type} patch must be a JSON object`);
  if (patch.type === 'merge') return copyJson(mergePatch(current, patch.body)) as UntypedObject;
  if (!kind.served.builtIn) {
    throw new StatusError(
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
  }
  return strategicMerge(withMetadata(kind.served.schema), copyJson(current), copyJson(patch.body)) as UntypedObject;
}

function applyJsonPatch(object: UntypedObject, operations: Operation[]): UntypedObject {
  if (!Array.isArray(operations)) throw badRequest('a JSON patch must be a list of operations');
  // The library changes the document it is given; a whole-document replacement needs a holder.
  const errors = applyOperations(object, copyJson(operations));
  if (errors.some((error) => error !== null) || !isObject(object)) {
    throw new StatusError('Invalid', 'the server rejected our request due to an error in our request', {});
  }
  return object;
}

function withMetadata(schema: StructuralSchema): StructuralSchema {
  return { ...schema, properties: { ...schema.properties, metadata: METADATA_SCHEMA } };
}
