import { invalid } from '../kit/index.js';
import { ACCESS_VERBS, type AccessVerb } from '../machinery/http/route-access.js';

/** What people may be, from the least: a reader reads, a user also asks, an editor also removes, an admin also gives keys. */
export const ACCESS_ROLES = ['reader', 'user', 'editor', 'admin'] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** A role in one namespace; without a namespace: in all of them. */
export interface Grant {
  role: AccessRole;
  namespace?: string;
}

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Reads `ROLE` or `ROLE@NAMESPACE`.
 *
 * @throws `Invalid` saying what is valid
 */
export function parseGrant(text: string): Grant {
  const [role = '', namespace, ...more] = text.split('@');
  const known = ACCESS_ROLES.find((each) => each === role);
  if (!known || more.length > 0) {
    throw invalid(`role "${text}"; valid: ${ACCESS_ROLES.join(', ')}, or one of them in a namespace, e.g. user@team-a`);
  }
  if (namespace === undefined) return { role: known };
  if (!NAMESPACE.test(namespace)) throw invalid(`role "${text}": "${namespace}" is not the name of a namespace`);
  return { role: known, namespace };
}

/** Whether one of the grants is enough; without a namespace the right must hold in all of them. */
export function allows(grants: readonly Grant[], verb: AccessVerb, namespace: string | undefined): boolean {
  const needed = ACCESS_VERBS.indexOf(verb);
  return grants.some(
    ({ role, namespace: where }) =>
      ACCESS_ROLES.indexOf(role) >= needed && (where === undefined || where === namespace),
  );
}
