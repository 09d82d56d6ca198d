import { unauthenticated } from '../credential.js';
import type { ClusterUser } from './cluster-rights.js';

/** Where the claims of a token say whom the cluster knows its bearer as. */
export interface UserClaims {
  /** A claim, or a path with dots into one. */
  usernameClaim: string;
  groupsClaim: string;
  /** Put before every name. */
  prefix: string;
}

/** What only the cluster itself may call somebody. */
const RESERVED = /^system:/;

/**
 * The user of the cluster that a token stands for.
 *
 * @throws 401 when it names nobody, or somebody whose name belongs to the cluster
 */
export function claimedUser(claims: object, { usernameClaim, groupsClaim, prefix }: UserClaims): ClusterUser {
  const name = claimAt(claims, usernameClaim);
  if (typeof name !== 'string' || name === '') {
    throw unauthenticated(
      `the token has no claim "${usernameClaim}" to act in the cluster as; ARK_IMPERSONATION_USERNAME_CLAIM names another`,
    );
  }
  const groups = claimAt(claims, groupsClaim);
  const texts = Array.isArray(groups) ? groups.map(String) : typeof groups === 'string' ? groups.split(' ') : [];
  const user = { username: prefix + name, groups: texts.filter((each) => each !== '').map((each) => prefix + each) };
  const reserved = [user.username, ...user.groups].find((each) => RESERVED.test(each));
  if (reserved !== undefined) throw unauthenticated(`the token names "${reserved}", which is for the cluster itself`);
  return user;
}

function claimAt(claims: object, path: string): unknown {
  // A claim whose name holds dots, as namespaced claims do, is found first.
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path];
  return path.split('.').reduce<unknown>((value, key) => {
    const isIn = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return isIn ? (value as Record<string, unknown>)[key] : undefined;
  }, claims);
}
