import {
  invalid,
  keyText,
  type McpOpeningCall,
  type McpServerConfig,
  notFound,
  type ObjectKey,
} from '../../kit/index.js';
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
import { TakenSecrets } from '../../resources/values/taken-secrets.js';
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

/**
 * Whether a tool may be called past the tool gate: nothing of it is pinned, nobody has to approve it, and its results
 * may be read as they are.
 */
export const ungated = ({ partial, approval, functions }: AgentTool): boolean =>
  !partial?.parameters?.length && !approval?.required && !functions?.length;

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
  const taken = new TakenSecrets(objects);
  const url = address
    ? await named(`MCP server '${keyText(key)}', spec.address`, () => resolveValue(address, namespace, taken))
    : '';
  const settings = querySettings(key, askers.query);
  const layers = [
    await resolveHeaders(headers, namespace, taken, askers.query),
    settings.headers ?? {},
    await overrideHeaders('mcpserver', server, askers, taken),
    bearer(await mcpToken(server, taken)),
  ];
  const program = await mcpProgram(server, taken, askers.query);
  return {
    name: key.name,
    url: url ?? '',
    transport,
    timeout,
    headers: layers.reduce(mergeHeaders, {}),
    secrets: taken.texts,
    tools,
    ...(settings.toolCalls?.length ? { openingCalls: settings.toolCalls } : {}),
    ...program,
  };
}

interface ServerSettings {
  headers?: Record<string, string>;
  toolCalls?: McpOpeningCall[];
}

/** What the Query's annotation says of a server: `{"<namespace>/<server>": {"headers": {…}, "toolCalls": [{name, arguments}]}}`. */
function querySettings(key: ObjectKey, { metadata }: Query): ServerSettings {
  const text = metadata.annotations?.[MCP_SERVER_SETTINGS];
  if (!text) return {};
  const where = `query ${metadata.name}: annotation ${MCP_SERVER_SETTINGS}`;
  let all: Record<string, unknown>;
  try {
    all = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw invalid(`${where} is not JSON`);
  }
  const { headers, toolCalls } = (all?.[keyText(key)] ?? {}) as { headers?: unknown; toolCalls?: unknown };
  return { headers: textsIn(headers, where), toolCalls: openingCalls(toolCalls, where) };
}

function textsIn(headers: unknown, where: string): Record<string, string> {
  if (headers === undefined) return {};
  const fits = isObject(headers) && Object.values(headers).every((value) => typeof value === 'string');
  if (!fits) throw invalid(`${where}: headers must be an object of texts`);
  return headers as Record<string, string>;
}

function openingCalls(calls: unknown, where: string): McpOpeningCall[] {
  if (calls === undefined) return [];
  const list: unknown[] = Array.isArray(calls) ? calls : [undefined];
  return list.map((call) => {
    const { name, arguments: args = {} } = isObject(call) ? call : {};
    if (typeof name === 'string' && name !== '' && isObject(args)) return { name, arguments: args };
    throw invalid(`${where}: toolCalls must be a list of {"name", "arguments"}`);
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
