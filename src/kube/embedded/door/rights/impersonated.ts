import { StatusError } from '../../../api-server/status.js';
import type { DoorRequest } from '../http/door-request.js';
import type { Caller } from '../tokens/caller.js';
import { AUTHENTICATED } from './rights.js';

/** The caller in whose name a request is made: `kubectl --as`. Throws InternalError for a group without a user, as a cluster does. */
export function impersonated(caller: Caller, request: Pick<DoorRequest, 'headers'>): Caller {
  const [username = ''] = request.headers('impersonate-user');
  const given = request.headers('impersonate-group');
  const [uid] = request.headers('impersonate-uid');
  if (username === '') {
    if (given.length === 0 && uid === undefined) return caller;
    const message = `requesting uid, groups or user-extra for ${caller.username} without impersonating a user`;
    throw new StatusError('InternalError', message);
  }
  const groups = given.length > 0 ? given : groupsOfAccount(username);
  const all = username === 'system:anonymous' ? groups : [...new Set([...groups, AUTHENTICATED])];
  return { username, ...(uid === undefined ? {} : { uid }), groups: all };
}

/** A ServiceAccount brings its groups with its name. */
function groupsOfAccount(username: string): string[] {
  const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(username) ?? [];
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}
