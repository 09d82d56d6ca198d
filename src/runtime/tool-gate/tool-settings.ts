import type { McpServerConfig, ObjectKey, ToolConfig } from '../../kit/index.js';
import { isSource } from '../../resources/model/model-settings.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { Header } from '../../resources/shared/header.js';
import type { ParameterSource } from '../../resources/shared/parameter.js';
import type { NamedReference } from '../../resources/shared/reference.js';
import { resolveHeaders } from '../../resources/values/resolve-headers.js';
import { named, resolveParameters } from '../../resources/values/resolve-parameters.js';
import { resolveValue } from '../../resources/values/resolve-value.js';
import type { ValueLookup } from '../../resources/values/value-lookup.js';

/** How to reach an MCP server, with an allowlist of one tool. */
export type ServerOf = (server: ObjectKey, toolName: string) => Promise<McpServerConfig>;

/**
 * The settings of a Tool with every reference resolved: `headers` and `bodyParameters` become texts by name,
 * `mcpServerRef` gets a `server` beside it, and any other value source becomes its text. Read at each call, so that a
 * rotated key counts at once.
 */
export async function resolvedSettings(
  tool: ToolConfig,
  query: Query,
  objects: ValueLookup,
  serverOf: ServerOf,
): Promise<Record<string, unknown>> {
  return named(`tool '${tool.namespace}/${tool.name}'`, async () => {
    const settings: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(tool.settings)) {
      if (key === 'headers') settings[key] = await resolveHeaders(value as Header[], tool.namespace, objects, query);
      else if (key === 'bodyParameters')
        settings[key] = await resolveParameters(value as ParameterSource[], tool.namespace, objects, query);
      else settings[key] = await plain(value, (source) => resolveValue(source, tool.namespace, objects, query));
    }
    const { mcpServerRef, toolName } = settings as { mcpServerRef?: NamedReference; toolName?: string };
    if (mcpServerRef) {
      const { name, namespace } = mcpServerRef;
      settings.server = await serverOf({ name, namespace: namespace || tool.namespace }, toolName ?? tool.name);
    }
    return settings;
  });
}

type Resolve = (source: Parameters<typeof resolveValue>[0]) => Promise<string | undefined>;

async function plain(value: unknown, resolve: Resolve): Promise<unknown> {
  if (isSource(value)) return resolve(value);
  if (Array.isArray(value)) return Promise.all(value.map((item) => plain(item, resolve)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await plain(item, resolve)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
