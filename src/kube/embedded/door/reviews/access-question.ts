import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { ResourceType } from '../../../../kit/resource/resource.js';
import type { StatusCause } from '../../../api-server/status.js';
import { invalid } from '../../errors/refusals.js';
import { isObject } from '../../json/json.js';

const wrong = (field: string, value: unknown, text: string): StatusCause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${JSON.stringify(value)}: ${text}`,
});

/** As the fields are called in kube-apiserver, whose messages show them so. */
const inGo = ({ path = '', verb = '' }: Record<string, unknown>) => ({ Path: path, Verb: verb });

/** Throws Invalid for a question about rights that asks nothing, or about nobody. */
export function checkAccessQuestion(type: ResourceType, review: UntypedObject): void {
  const causes = causesOf(type, review, isObject(review.spec) ? review.spec : {});
  if (causes.length > 0) throw invalid(type, '', causes);
}

function causesOf(type: ResourceType, { metadata }: UntypedObject, spec: Record<string, unknown>): StatusCause[] {
  const causes: StatusCause[] = [];
  const { resourceAttributes: resource, nonResourceAttributes: path, user, groups } = spec;
  if (isObject(resource) && isObject(path)) {
    const text = 'cannot be specified in combination with resourceAttributes';
    causes.push(wrong('spec.nonResourceAttributes', inGo(path), text));
  }
  if (!isObject(resource) && !isObject(path)) {
    const text = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    causes.push(wrong('spec.resourceAttributes', null, text));
  }
  const nobody = !user && !(Array.isArray(groups) && groups.length > 0);
  if (type.kind !== 'SelfSubjectAccessReview' && nobody) {
    causes.push(wrong('spec.user', '', 'at least one of user or group must be specified'));
  }
  const { namespace, managedFields: _, ...rest } = metadata;
  if (Object.keys(rest).length > 0 || (namespace && !type.namespaced)) {
    causes.push(wrong('metadata', metadata, 'must be empty'));
  }
  if (!type.namespaced) return causes;
  if (isObject(resource) && (resource.namespace ?? '') !== (namespace ?? '')) {
    causes.push(wrong('spec.resourceAttributes.namespace', resource.namespace ?? '', 'must match metadata.namespace'));
  }
  if (isObject(path))
    causes.push(wrong('spec.nonResourceAttributes', inGo(path), 'disallowed on this kind of request'));
  return causes;
}
