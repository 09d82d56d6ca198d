import { denied, type McpConnection, McpConnections, type McpServerConfig, unavailable } from '../../kit/index.js';

/**
 * Sessions for one request: with its own MCP servers and no others, as the request describes them, and only with tools
 * of their allowlists.
 */
export class RequestMcp extends McpConnections {
  /**
   * @param servers gives those of the request, each with the tools that may be called without the tool gate
   */
  constructor(
    private readonly servers: () => Promise<readonly McpServerConfig[]>,
    private readonly connections: McpConnections,
  ) {
    super();
  }

  async connect(server: McpServerConfig, signal: AbortSignal): Promise<McpConnection> {
    const own = (await this.servers()).find(({ name, url }) => name === server.name && url === server.url);
    if (!own) throw denied(`MCP server '${server.name}' is none of the agent's: list a tool of it`);
    const tools = own.tools.filter((tool) => server.tools.includes(tool));
    return this.connections.connect({ ...own, tools }, signal);
  }
}

/** For applications that speak no MCP. */
export class NoMcp extends McpConnections {
  connect({ name }: McpServerConfig): Promise<McpConnection> {
    return Promise.reject(unavailable(`MCP server '${name}' cannot be reached: this process speaks no MCP`));
  }
}
