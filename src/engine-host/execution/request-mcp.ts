import {
  denied,
  type McpConnection,
  McpConnections,
  type McpServerConfig,
  type ToolResult,
  unavailable,
} from '../../kit/index.js';

/** Makes a call of a tool once, with the facts that tell it apart. */
export type CarryOut = (facts: string[], call: () => Promise<ToolResult>) => Promise<ToolResult>;

/**
 * Sessions for one request: with its own MCP servers and no others, as the request describes them, and only with tools
 * of their allowlists.
 */
export class RequestMcp extends McpConnections {
  /**
   * @param servers gives those of the request, each with the tools that may be called without the tool gate
   * @param carryOut makes a call, or gives what it gave before
   */
  constructor(
    private readonly servers: () => Promise<readonly McpServerConfig[]>,
    private readonly connections: McpConnections,
    private readonly carryOut: CarryOut = (_, call) => call(),
  ) {
    super();
  }

  async connect(server: McpServerConfig, signal: AbortSignal): Promise<McpConnection> {
    const own = (await this.servers()).find(({ name, url }) => name === server.name && url === server.url);
    if (!own) throw denied(`MCP server '${server.name}' is none of the agent's: list a tool of it`);
    const tools = own.tools.filter((tool) => server.tools.includes(tool));
    const connection = await this.connections.connect({ ...own, tools }, signal);
    return {
      listTools: (listing) => connection.listTools(listing),
      callTool: (name, args, options) =>
        this.carryOut([server.name, name, JSON.stringify(args)], () => connection.callTool(name, args, options)),
      close: () => connection.close(),
    };
  }
}

/** For applications that speak no MCP. */
export class NoMcp extends McpConnections {
  connect({ name }: McpServerConfig): Promise<McpConnection> {
    return Promise.reject(unavailable(`MCP server '${name}' cannot be reached: this process speaks no MCP`));
  }
}
