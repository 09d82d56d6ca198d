import type { UntypedObject } from '../../kit/index.js';
import { A2A_CONTEXT_ID, MCP_SERVER_SETTINGS } from '../../resources/labels.js';

/**
 * What an API server must hold a Query to that names a service account: whoever creates or changes it may `use` that
 * account. The server itself knows who writes, so that nobody can pretend to be another. Anybody may cancel.
 *
 * Everything that a server would fill in is said, so that what is stored can be compared with it.
 * `charts/ark/templates/query-service-accounts.yaml` installs it; a test holds both together.
 */
export const AUTHOR_POLICY = {
  failurePolicy: 'Fail',
  matchConstraints: {
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    resourceRules: [
      {
        apiGroups: ['ark.mckinsey.com'],
        apiVersions: ['*'],
        operations: ['CREATE', 'UPDATE'],
        resources: ['queries'],
        scope: '*',
      },
    ],
  },
  variables: [
    { name: 'spec', expression: 'dyn(object.spec)' },
    { name: 'before', expression: 'oldObject == null ? dyn({}) : dyn(oldObject.spec)' },
    {
      name: 'annotations',
      expression: 'has(object.metadata.annotations) ? dyn(object.metadata.annotations) : dyn({})',
    },
    {
      name: 'annotationsBefore',
      expression:
        'oldObject != null && has(oldObject.metadata.annotations) ? dyn(oldObject.metadata.annotations) : dyn({})',
    },
    {
      // Annotations that say what is done, not only how it is shown.
      name: 'reordered',
      expression:
        `['${MCP_SERVER_SETTINGS}', '${A2A_CONTEXT_ID}'].exists(key, (key in variables.annotations ? ` +
        "variables.annotations[key] : '') != (key in variables.annotationsBefore ? variables.annotationsBefore[key] : ''))",
    },
    {
      name: 'changed',
      expression:
        "!variables.spec.all(key, key == 'cancel' || (key in variables.before && variables.before[key] == " +
        "variables.spec[key])) || !variables.before.all(key, key == 'cancel' || key in variables.spec) || " +
        'variables.reordered',
    },
  ],
  validations: [
    {
      expression:
        "!has(object.spec.serviceAccount) || !variables.changed || authorizer.group('').resource('serviceaccounts')" +
        ".namespace(object.metadata.namespace).name(object.spec.serviceAccount).check('use').allowed()",
      messageExpression:
        "request.userInfo.username + ' may not use service account ' + object.spec.serviceAccount + ' of namespace ' + " +
        "object.metadata.namespace + ': ask for the verb use on serviceaccounts there'",
      reason: 'Forbidden',
    },
  ],
};

/** @param name of the policy, and of its binding */
export const authorPolicyBinding = (name: string) => ({ policyName: name, validationActions: ['Deny'] });

/** Whether a policy and its binding, as they are stored, hold every Query to {@link AUTHOR_POLICY}. */
export function isInForce(policy: UntypedObject, binding: UntypedObject): boolean {
  const held = [policy, binding].every(({ metadata }) => metadata.deletionTimestamp === undefined);
  const { name } = policy.metadata;
  return held && same(policy.spec, AUTHOR_POLICY) && same(binding.spec, authorPolicyBinding(name));
}

const same = (one: unknown, other: unknown): boolean => sorted(one) === sorted(other);

/** JSON whose keys are in order at every level. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
