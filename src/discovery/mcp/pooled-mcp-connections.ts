import {
  denied,
  type Logger,
  type McpCallOptions,
  type McpConnection,
  McpConnections,
  type McpServerConfig,
  type McpTool,
  type ToolResult,
  type Tracer,
} from '../../kit/index.js';
import { callTool } from './call-tool.js';
import { listTools } from './list-tools.js';
import { timeoutOf } from './mcp-session.js';
import type { Lease, SessionPool } from './session-pool.js';

/** Opens connections on pooled sessions; each lets through only the tools that its config lists. */
export class PooledMcpConnections extends McpConnections {
  constructor(
    private readonly pool: SessionPool,
    private readonly logger: Logger,
    private readonly tracer: Tracer,
  ) {
    super();
  }

  async connect(server: McpServerConfig, signal: AbortSignal): Promise<McpConnection> {
    const lease = this.pool.lease(server);
    try {
      await lease.session.open(signal);
    } catch (error) {
      lease.release();
      throw error;
    }
    return new AllowlistedConnection(server, lease, this.logger, this.tracer);
  }
}

/** A session as seen through the allowlist of one config. Nothing passes that is not listed: deny by default. */
class AllowlistedConnection implements McpConnection {
  private readonly allowed: ReadonlySet<string>;

  constructor(
    private readonly server: McpServerConfig,
    private readonly lease: Lease,
    private readonly logger: Logger,
    private readonly tracer: Tracer,
  ) {
    this.allowed = new Set(server.tools);
  }

  async listTools(signal: AbortSignal): Promise<McpTool[]> {
    const tools = await listTools(this.lease.session, timeoutOf(this.server), signal);
    return tools.filter(({ name }) => this.allowed.has(name));
  }

  async callTool(name: string, args: Record<string, unknown>, options: McpCallOptions): Promise<ToolResult> {
    if (!this.allowed.has(name)) {
      this.logger.warn(
        { mcpServer: this.server.name, tool: name },
        'A call of an MCP tool was denied: it is not listed',
      );
      throw denied(
        `tool '${name}' of MCP server '${this.server.name}' is not listed for this agent; add it to the agent's tools`,
        { reason: 'ToolNotAllowed', details: { tool: name, server: this.server.name } },
      );
    }
    const meta = this.tracer.headers();
    return callTool(this.lease.session, { name, args, meta }, { timeoutMs: timeoutOf(this.server), ...options });
  }

  async close(): Promise<void> {
    this.lease.release();
  }
}
