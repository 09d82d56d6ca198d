import type { KubeObject, UntypedObject } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import type { ApiServer, ListOptions, ObjectList } from '../api-server/api-server.js';
import { StatusError } from '../api-server/status.js';

/** One page for most clusters, and a bound on the size of one answer for the rest. */
const PAGE = 2_000;

/**
 * All objects of a kind at one version, read page by page. When the server forgets the version between two pages, it
 * starts again with one unpaged read.
 */
export async function listAll<T extends KubeObject = UntypedObject>(
  server: ApiServer,
  type: ResourceType,
  options: Omit<ListOptions, 'limit' | 'continue'> = {},
  pageSize = PAGE,
): Promise<ObjectList<T>> {
  const first = await server.list<T>(type, { ...options, limit: pageSize });
  if (!first.metadata.continue) return first;
  const items = [...first.items];
  let page = first;
  try {
    while (page.metadata.continue) {
      page = await server.list<T>(type, { ...options, limit: pageSize, continue: page.metadata.continue });
      items.push(...page.items);
    }
  } catch (error) {
    if (!StatusError.is(error, 'Expired')) throw error;
    return await server.list<T>(type, options);
  }
  return { items, metadata: { resourceVersion: page.metadata.resourceVersion } };
}
