import { StatusError } from '../../../api-server/status.js';
import { qualified } from '../../errors/refusals.js';
import type { DoorRequest } from '../http/door-request.js';
import type { ResourcePath } from '../http/resource-path.js';
import type { Caller } from '../tokens/caller.js';

const VERBS: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** What a cluster says to somebody without the right to an object or a collection. */
export function refused(caller: Caller, path: ResourcePath, request: DoorRequest): StatusError {
  const { group, plural, namespace, name, subresource } = path;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `resource "${subresource === undefined ? plural : `${plural}/${subresource}`}" in API group "${group}"`;
  const object = qualified(plural, group) + (name === undefined ? '' : ` "${name}"`);
  return new StatusError(
    'Forbidden',
    `${object} is forbidden: User "${caller.username}" cannot ${verbOf(request, name)} ${what} ${where}`,
    { ...(name === undefined ? {} : { name }), ...(group ? { group } : {}), kind: plural },
  );
}

/** What RBAC calls the request. */
export function verbOf({ method, query }: DoorRequest, name: string | undefined): string {
  if (method === 'DELETE') return name === undefined ? 'deletecollection' : 'delete';
  return VERBS[method] ?? (query.flag('watch') ? 'watch' : name === undefined ? 'list' : 'get');
}
