/** What a path below `/api` or `/apis` addresses. */
export interface ResourcePath {
  group: string;
  version: string;
  plural: string;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/**
 * Reads `/api/v1/…` and `/apis/{group}/{version}/…` in the forms `{plural}[/{name}[/{subresource}]]` and
 * `namespaces/{namespace}/{plural}[/{name}[/{subresource}]]`. Undefined for any other path.
 */
export function parseResourcePath(segments: readonly string[]): ResourcePath | undefined {
  const core = segments[0] === 'api';
  if (!core && segments[0] !== 'apis') return undefined;
  const group = core ? '' : (segments[1] ?? '');
  const version = segments[core ? 1 : 2];
  const rest = segments.slice(core ? 2 : 3);
  if (!version || rest.length === 0 || rest.some((segment) => segment === '')) return undefined;
  const namespaced = rest[0] === 'namespaces' && rest.length > 2 && !isOfNamespace(core, rest);
  const [plural, name, subresource, ...more] = namespaced ? rest.slice(2) : rest;
  if (plural === undefined || more.length > 0) return undefined;
  return {
    group,
    version,
    plural,
    ...(namespaced ? { namespace: rest[1] } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** `/api/v1/namespaces/x/status` is about the namespace, not about a kind in it. */
function isOfNamespace(core: boolean, rest: string[]): boolean {
  return core && rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize');
}
