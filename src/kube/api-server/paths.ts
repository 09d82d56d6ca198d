import type { ObjectKey } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import { StatusError } from './status.js';

/** API servers split decoded paths: `a/status` would be a part of `a`, and `..` another resource. No object has such a name. */
const LEADS_ELSEWHERE = /^\.{1,2}$|[/%]/;

/**
 * The URL path of a kind, of one namespace of it, or of one object.
 *
 * @throws StatusError NotFound for a name that no object can have
 */
export function resourcePath(type: ResourceType, at: Partial<ObjectKey> = {}): string {
  const root = type.group ? `/apis/${type.group}/${type.version}` : `/api/${type.version}`;
  const namespace = type.namespaced && at.namespace ? `/namespaces/${segment('namespaces', at.namespace)}` : '';
  const kind = type.group ? `${type.plural}.${type.group}` : type.plural;
  const name = at.name ? `/${segment(kind, at.name)}` : '';
  return `${root}${namespace}/${type.plural}${name}`;
}

function segment(kind: string, name: string): string {
  if (LEADS_ELSEWHERE.test(name)) throw new StatusError('NotFound', `${kind} ${JSON.stringify(name)} not found`);
  return encodeURIComponent(name);
}
