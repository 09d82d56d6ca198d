import type { UntypedObject } from '../../../../kit/resource/object.js';
import { StatusError } from '../../../api-server/status.js';
import { isObject } from '../../json/json.js';
import type { Caller } from '../tokens/caller.js';

/**
 * Answers a caller's review of the given kind: who has a token may do everything. Throws Invalid for a question that asks
 * nothing.
 */
export function answerReview(kind: string, review: UntypedObject, caller: Caller): object {
  const { apiVersion } = review;
  const spec = isObject(review.spec) ? review.spec : {};
  const answered = (status: object) => ({ kind, apiVersion, metadata: {}, spec, status });
  switch (kind) {
    case 'SelfSubjectAccessReview':
      checkQuestion(spec);
      return answered({ allowed: true });
    case 'SelfSubjectRulesReview':
      return answered({
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      });
    default:
      return { kind, apiVersion, metadata: {}, status: { userInfo: caller } };
  }
}

function checkQuestion(spec: Record<string, unknown>): void {
  if (isObject(spec.resourceAttributes) !== isObject(spec.nonResourceAttributes)) return;
  const field = 'spec.resourceAttributes';
  const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
  throw new StatusError('Invalid', `SelfSubjectAccessReview.authorization.k8s.io "" is invalid: ${field}: ${message}`, {
    group: 'authorization.k8s.io',
    kind: 'SelfSubjectAccessReview',
    causes: [{ reason: 'FieldValueInvalid', message, field }],
  });
}
