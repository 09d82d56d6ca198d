import type { DoorChange } from '../../door-changes.js';
import type { Answer } from './http/answer.js';
import type { DoorRequest } from './http/door-request.js';
import { parseResourcePath, type ResourcePath } from './http/resource-path.js';
import { isReview } from './reviews/review-kinds.js';
import { verbOf } from './rights/refused.js';

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** What there is to write down about a request; undefined where it changes nothing, whatever its answer. */
export function notedChange(request: DoorRequest, { code, body }: Answer): DoorChange | undefined {
  const { method, caller } = request;
  if (!CHANGING.has(method) || request.query.text('dryRun') !== undefined) return undefined;
  const path = parseResourcePath(request.segments);
  if (!path || isReview(path)) return undefined;
  const { plural, subresource, namespace } = path;
  const name = path.name ?? (method === 'POST' && code < 300 ? nameIn(body) : undefined);
  return {
    ...(caller ? { user: caller.holder.username } : {}),
    ...(caller && caller.as !== caller.holder ? { as: caller.as.username } : {}),
    address: request.address,
    method,
    verb: verbOf(request, path.name),
    route: routeOf(path),
    resource: subresource === undefined ? plural : `${plural}/${subresource}`,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    code,
  };
}

function routeOf({ group, version, plural, namespace, name, subresource }: ResourcePath): string {
  const parts = [group === '' ? '/api' : `/apis/${group}`, version];
  if (namespace !== undefined) parts.push('namespaces/:namespace');
  parts.push(plural);
  if (name !== undefined) parts.push(':name');
  if (subresource !== undefined) parts.push(subresource);
  return parts.join('/');
}

/** Of the object that was made: the request may have left the name to the server. */
function nameIn(body: Answer['body']): string | undefined {
  try {
    const { metadata } = JSON.parse(String(body)) as { metadata?: { name?: unknown } };
    return typeof metadata?.name === 'string' ? metadata.name : undefined;
  } catch {
    // YAML, which few clients ask for.
    return undefined;
  }
}
