import type { ObjectKey } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';

/** The URL path of a kind, of one namespace of it, or of one object. */
export function resourcePath(type: ResourceType, at: Partial<ObjectKey> = {}): string {
  const root = type.group ? `/apis/${type.group}/${type.version}` : `/api/${type.version}`;
  const namespace = type.namespaced && at.namespace ? `/namespaces/${encodeURIComponent(at.namespace)}` : '';
  const name = at.name ? `/${encodeURIComponent(at.name)}` : '';
  return `${root}${namespace}/${type.plural}${name}`;
}
