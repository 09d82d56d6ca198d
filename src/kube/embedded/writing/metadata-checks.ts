import type { UntypedObject } from '../../../kit/resource/object.js';
import type { StatusCause } from '../../api-server/status.js';
import { isObject } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';
import { labelKeyFaults, labelValueFaults, SUBDOMAIN, SUBDOMAIN_TEXT } from '../selectors/label-syntax.js';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const MAX_ANNOTATIONS = 256 * 1024;

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const NAMES = {
  subdomain: { pattern: SUBDOMAIN, text: SUBDOMAIN_TEXT, length: 253 },
  label: { pattern: LABEL, text: LABEL_TEXT, length: 63 },
  service: { pattern: SERVICE, text: SERVICE_TEXT, length: 63 },
} as const;

/** What is wrong with the metadata of an object. */
export function checkMetadata(kind: Kind, object: UntypedObject, old?: UntypedObject): StatusCause[] {
  const { metadata } = object;
  const before = old?.metadata;
  const causes: StatusCause[] = [];
  if (!before) checkName(kind, metadata.name, causes);
  if (metadata.labels !== before?.labels) checkLabels(metadata.labels, causes);
  if (metadata.annotations !== before?.annotations) checkAnnotations(metadata.annotations, causes);
  if (metadata.finalizers !== before?.finalizers) checkFinalizers(metadata.finalizers, causes, before);
  if (metadata.ownerReferences !== before?.ownerReferences) checkOwners(metadata.ownerReferences, causes);
  return causes;
}

function checkName(kind: Kind, name: string | undefined, causes: StatusCause[]): void {
  if (!name) {
    const message = 'Required value: name or generateName is required';
    causes.push({ reason: 'FieldValueRequired', field: 'metadata.name', message });
    return;
  }
  const rule = NAMES[kind.rules.names ?? 'subdomain'];
  if (name.length > rule.length)
    causes.push(wrong('metadata.name', name, `must be no more than ${rule.length} characters`));
  if (!rule.pattern.test(name)) causes.push(wrong('metadata.name', name, rule.text));
}

function checkLabels(labels: unknown, causes: StatusCause[]): void {
  if (labels === undefined) return;
  if (!textMap(labels, 'metadata.labels', causes)) return;
  for (const [key, value] of Object.entries(labels)) {
    checkKey(key, 'metadata.labels', causes);
    for (const fault of labelValueFaults(value)) causes.push(wrong('metadata.labels', value, fault));
  }
}

function checkAnnotations(annotations: unknown, causes: StatusCause[]): void {
  if (annotations === undefined) return;
  if (!textMap(annotations, 'metadata.annotations', causes)) return;
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    checkKey(key.toLowerCase(), 'metadata.annotations', causes, key);
    size += key.length + value.length;
  }
  if (size > MAX_ANNOTATIONS) {
    const message = `Too long: may not be more than ${MAX_ANNOTATIONS} bytes`;
    causes.push({ reason: 'FieldValueTooLong', field: 'metadata.annotations', message });
  }
}

function checkKey(key: string, field: string, causes: StatusCause[], shown = key): void {
  for (const fault of labelKeyFaults(key)) causes.push(wrong(field, shown, fault));
}

function checkFinalizers(finalizers: unknown, causes: StatusCause[], before?: UntypedObject['metadata']): void {
  if (finalizers === undefined) return;
  if (!Array.isArray(finalizers) || finalizers.some((each) => typeof each !== 'string')) {
    causes.push(wrong('metadata.finalizers', '', 'must be a list of strings'));
    return;
  }
  for (const each of finalizers as string[]) checkKey(each, 'metadata.finalizers', causes);
  if (!before?.deletionTimestamp) return;
  const added = (finalizers as string[]).filter((each) => !before.finalizers?.includes(each));
  if (added.length === 0) return;
  const list = added.map((each) => `"${each}"`).join(', ');
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  causes.push({ reason: 'FieldValueForbidden', field: 'metadata.finalizers', message });
}

function checkOwners(owners: unknown, causes: StatusCause[]): void {
  if (owners === undefined) return;
  if (!Array.isArray(owners)) {
    causes.push(wrong('metadata.ownerReferences', '', 'must be a list'));
    return;
  }
  let controllers = 0;
  for (const owner of owners as Record<string, unknown>[]) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
      if (typeof owner?.[field] !== 'string' || owner[field] === '') {
        const what = field === 'apiVersion' ? 'version must not be empty' : 'must not be empty';
        causes.push(wrong(`metadata.ownerReferences.${field}`, '', what));
      }
    }
    if (owner?.controller === true) controllers++;
  }
  if (controllers > 1) {
    causes.push(wrong('metadata.ownerReferences', '', 'Only one reference can have Controller set to true'));
  }
}

function textMap(value: unknown, field: string, causes: StatusCause[]): value is Record<string, string> {
  if (isObject(value) && Object.values(value).every((each) => typeof each === 'string')) return true;
  causes.push(wrong(field, '', 'must be an object whose values are strings'));
  return false;
}

function wrong(field: string, value: string, reason: string): StatusCause {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${reason}` };
}
