import {
  invalid,
  type McpServerConfig,
  ProvidesTools,
  type ToolConfig,
  type ToolContext,
  type ToolResult,
  type ToolType,
} from 'nest-ark';

interface McpSettings {
  toolName: string;
  /** The server that `mcpServerRef` names, with an allowlist of this one tool. */
  server?: McpServerConfig;
}

/** Calls a tool of an MCP server. Its connection has a time-out of its own, which progress prolongs. */
@ProvidesTools({ name: 'mcp', description: 'Calls a tool of an MCP server', timeoutMs: Number.POSITIVE_INFINITY })
export class McpToolType implements ToolType {
  async call(tool: ToolConfig, args: Record<string, unknown>, { mcp, signal }: ToolContext): Promise<ToolResult> {
    const { toolName, server } = tool.settings as unknown as McpSettings;
    if (!server)
      throw invalid(`tool '${tool.namespace}/${tool.name}' names no MCP server: write spec.mcp.mcpServerRef`);
    const connection = await mcp.connect(server, signal);
    try {
      return await connection.callTool(toolName, args, { signal });
    } finally {
      await connection.close();
    }
  }
}
