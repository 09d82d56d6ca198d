import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { StatusCause } from '../../../api-server/status.js';
import { checkStructural } from './check-structural.js';
import { asDefinition, type DefinedVersion, type DefinitionSpec } from './definition.js';
import { schemaShape } from './schema-shape.js';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const VERSION = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Groups of Kubernetes itself. */
const PROTECTED_GROUP = /(^|\.)(k8s|kubernetes)\.io$/;
const APPROVAL = 'api-approved.kubernetes.io';

/** What makes a definition unusable. Runs after the schema, so types are right. */
export function checkDefinition(candidate: UntypedObject, old?: UntypedObject): StatusCause[] {
  const { spec, metadata } = asDefinition(candidate);
  const causes: StatusCause[] = [];
  const expected = `${spec.names.plural}.${spec.group}`;
  if (metadata.name !== expected) {
    causes.push(wrong('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (!spec.group.includes('.'))
    causes.push(wrong('spec.group', spec.group, 'should be a domain with at least one dot'));
  if (!LABEL.test(spec.names.plural)) {
    causes.push(wrong('spec.names.plural', spec.names.plural, 'must be a lower case DNS label'));
  }
  if (PROTECTED_GROUP.test(spec.group) && !metadata.annotations?.[APPROVAL]) {
    const message = `Required value: protected groups must have approval annotation "${APPROVAL}", see https://github.com/kubernetes/enhancements/pull/1111`;
    causes.push({ reason: 'FieldValueRequired', field: `metadata.annotations[${APPROVAL}]`, message });
  }
  causes.push(...checkVersions(spec.versions), ...checkUnchanged(spec, old));
  return causes;
}

function checkVersions(versions: DefinedVersion[]): StatusCause[] {
  const causes: StatusCause[] = [];
  if (versions.length === 0) causes.push(wrong('spec.versions', '', 'must have at least one version'));
  if (versions.filter((version) => version.storage).length !== 1) {
    const message = 'must have exactly one version marked as storage version';
    causes.push({ reason: 'FieldValueInvalid', field: 'spec.versions', message: `Invalid value: ${message}` });
  }
  versions.forEach((version, index) => {
    const at = `spec.versions[${index}]`;
    if (!VERSION.test(version.name)) causes.push(wrong(`${at}.name`, version.name, 'must be a DNS-1035 label'));
    if (versions.findIndex((other) => other.name === version.name) !== index) {
      const message = `Duplicate value: "${version.name}"`;
      causes.push({ reason: 'FieldValueDuplicate', field: `${at}.name`, message });
    }
    const schema = version.schema?.openAPIV3Schema;
    // A schema shared by all versions is reported at the place where older API versions had it.
    const path = versions.length === 1 ? 'spec.validation.openAPIV3Schema' : `${at}.schema.openAPIV3Schema`;
    if (schema) {
      const misshapen = schemaShape(schema, path);
      causes.push(...(misshapen.length > 0 ? misshapen : checkStructural(schema, path)));
    } else {
      causes.push({ reason: 'FieldValueRequired', field: path, message: 'Required value: schemas are required' });
    }
  });
  return causes;
}

function checkUnchanged(spec: DefinitionSpec, old?: UntypedObject): StatusCause[] {
  if (!old) return [];
  const before = asDefinition(old).spec;
  const causes: StatusCause[] = [];
  if (before.scope !== spec.scope) causes.push(wrong('spec.scope', spec.scope, 'field is immutable'));
  if (before.names.kind !== spec.names.kind) {
    causes.push(wrong('spec.names.kind', spec.names.kind, 'field is immutable'));
  }
  return causes;
}

function wrong(field: string, value: string, reason: string): StatusCause {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${reason}` };
}
