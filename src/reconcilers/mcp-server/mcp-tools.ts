import { createHash } from 'node:crypto';
import type { McpTool } from '../../kit/index.js';
import { ARK_PREFIX, MCP_SERVER_LABEL } from '../../resources/labels.js';
import type { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { Tool, type ToolSpec } from '../../resources/tool/tool.resource.js';

const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/**
 * The Tool objects of a server. Names are `<server>-<tool>`, lower-case, `_` as `-`; two tools whose names become the
 * same are told apart by a digest, the first in alphabetical order keeps the plain name.
 */
export function wantedTools(server: MCPServer, tools: readonly McpTool[]): Tool[] {
  const taken = new Set<string>();
  return [...tools]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((tool) => {
      const name = objectName(server.metadata.name, tool.name, taken);
      taken.add(name);
      return toolObject(server, name, tool);
    });
}

function objectName(server: string, tool: string, taken: ReadonlySet<string>): string {
  const plain = `${server}-${tool.toLowerCase().replaceAll('_', '-')}`;
  const name = plain
    .replaceAll(/[^a-z0-9.-]/g, '-')
    .replaceAll(/[-.]*\.[-.]*/g, '.')
    .replace(/[-.]+$/, '');
  if (name.length <= LONGEST_NAME && name !== server && !taken.has(name)) return name;
  const digest = createHash('sha256').update(tool).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_NAME - digest.length - 1).replace(/[-.]+$/, '')}-${digest}`;
}

function toolObject(server: MCPServer, name: string, tool: McpTool): Tool {
  const { apiVersion, kind, metadata } = server;
  const { name: serverName, namespace, uid = '' } = metadata;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith(ARK_PREFIX));
  const owner = { apiVersion, kind, name: serverName, uid, controller: true, blockOwnerDeletion: true };
  const labels = serverName.length <= LONGEST_LABEL ? { labels: { [MCP_SERVER_LABEL]: serverName } } : {};
  return {
    apiVersion,
    kind: 'Tool',
    metadata: {
      name,
      namespace,
      ...labels,
      ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
      ownerReferences: [owner],
    },
    spec: toolSpec(tool, { name: serverName, namespace }),
  };
}

function toolSpec(tool: McpTool, mcpServerRef: { name: string; namespace?: string }): ToolSpec {
  const { name: toolName, description, inputSchema, hints } = tool;
  return {
    type: 'mcp',
    ...(description === '' ? {} : { description }),
    ...(Object.keys(inputSchema).length === 0 ? {} : { inputSchema }),
    ...(Object.keys(hints).length === 0 ? {} : { annotations: { ...hints } }),
    mcp: { mcpServerRef, toolName },
  };
}
