import { invalid, keyText, type McpServerConfig, notFound, type ObjectKey } from '../../kit/index.js';
import type { Agent, AgentTool } from '../../resources/agent/agent.resource.js';
import { MCP_SERVER_SETTINGS } from '../../resources/labels.js';
import { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { mcpProgram } from '../../resources/mcp-server/mcp-server-program.js';
import { bearer, mcpToken } from '../../resources/mcp-server/mcp-server-token.js';
import type { Query } from '../../resources/query/query.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { mergeHeaders, resolveHeaders } from '../../resources/values/resolve-headers.js';
import { named } from '../../resources/values/resolve-parameters.js';
import { resolveValue } from '../../resources/values/resolve-value.js';
import type { Objects } from '../../runtime/objects.js';
import { overrideHeaders } from './overrides.js';

interface Askers {
  agent?: Agent;
  query: Query;
}

/** How to reach the MCP servers that carry tools of the agent, each with the tools the agent lists and no others. */
export async function resolveMcpServers(
  { listed: tools, ...askers }: Askers & { agent: Agent; listed?: readonly AgentTool[] },
  objects: Objects,
): Promise<McpServerConfig[]> {
  const servers = new Map<string, { key: ObjectKey; tools: string[] }>();
  for (const listed of tools ?? askers.agent.spec.tools ?? []) {
    const found = await mcpTool(listed, askers.agent, objects);
    if (!found) continue;
    const id = keyText(found.server);
    const entry = servers.get(id) ?? { key: found.server, tools: [] };
    if (!entry.tools.includes(found.toolName)) entry.tools.push(found.toolName);
    servers.set(id, entry);
  }
  return Promise.all([...servers.values()].map(({ key, tools }) => serverConfig(key, tools, askers, objects)));
}

/** The name on the server of a listed tool, when it lives on one. */
async function mcpTool(listed: AgentTool, agent: Agent, objects: Objects) {
  if (listed.type !== 'mcp' && listed.type !== 'custom') return undefined;
  const namespace = agent.metadata.namespace ?? '';
  const names = [listed.partial?.name, listed.name].filter((name) => name !== undefined);
  for (const name of names) {
    const tool = await objects.get(Tool, { namespace, name });
    if (!tool) continue;
    const { mcp, type } = tool.spec;
    if (type !== 'mcp' || !mcp) return undefined;
    const { name: server, namespace: elsewhere } = mcp.mcpServerRef;
    return { toolName: mcp.toolName, server: { namespace: elsewhere || namespace, name: server } };
  }
  throw notFound(`agent ${namespace}/${agent.metadata.name}: tool '${namespace}/${listed.name}' does not exist`);
}

/** Whether a tool may be called past the tool gate: nothing of it is pinned, and nobody has to approve it. */
export const ungated = ({ partial, approval }: AgentTool): boolean =>
  !partial?.parameters?.length && !approval?.required;

/** How to reach one MCP server on behalf of those who ask, with an allowlist of its tools. */
export async function serverConfig(
  key: ObjectKey,
  tools: string[],
  askers: Askers,
  objects: Objects,
): Promise<McpServerConfig> {
  const asker = askers.agent ?? askers.query;
  const wantedBy = `${asker.kind.toLowerCase()} ${asker.metadata.namespace}/${asker.metadata.name}`;
  const server = await objects.need(MCPServer, key, wantedBy);
  const { address, transport = 'http', timeout = '30s', headers } = server.spec;
  const namespace = key.namespace ?? '';
  const url = address
    ? await named(`MCP server '${keyText(key)}', spec.address`, () => resolveValue(address, namespace, objects))
    : '';
  const layers = [
    await resolveHeaders(headers, namespace, objects, askers.query),
    annotatedHeaders(key, askers.query),
    await overrideHeaders('mcpserver', server, askers, objects),
    bearer(await mcpToken(server, objects)),
  ];
  const program = await mcpProgram(server, objects, askers.query);
  return {
    name: key.name,
    url: url ?? '',
    transport,
    timeout,
    headers: layers.reduce(mergeHeaders, {}),
    tools,
    ...program,
  };
}

/** Headers from the Query's annotation: `{"<namespace>/<server>": {"headers": {…}}}`. */
function annotatedHeaders(key: ObjectKey, query: Query): Record<string, string> {
  const text = query.metadata.annotations?.[MCP_SERVER_SETTINGS];
  if (!text) return {};
  try {
    const settings = JSON.parse(text) as Record<string, { headers?: Record<string, string> }>;
    return settings[keyText(key)]?.headers ?? {};
  } catch {
    throw invalid(`query ${query.metadata.name}: annotation ${MCP_SERVER_SETTINGS} is not JSON`);
  }
}
