import type { ToolDescription } from '../model/model-provider.js';
import type { ToolHints, ToolResult } from '../tool/tool-result.js';
import type { McpServerConfig } from './mcp-server-config.js';

/** A tool as an MCP server describes it. */
export interface McpTool extends ToolDescription {
  /** Empty where the server gives none. */
  hints: ToolHints;
}

/** What bounds one call. */
export interface McpCallOptions {
  /** Ends the call. */
  signal: AbortSignal;
  /** Default: the server's `timeout`. Progress from the server prolongs it. */
  timeoutMs?: number;
}

/** A session with one MCP server. */
export interface McpConnection {
  /** Every page of `tools/list`, less what the allowlist of the config leaves out. */
  listTools(signal: AbortSignal): Promise<McpTool[]>;
  /**
   * @throws Denied for a tool that the allowlist does not name, before anything is sent
   * @throws Unavailable, Timeout, Canceled
   */
  callTool(name: string, args: Record<string, unknown>, options: McpCallOptions): Promise<ToolResult>;
  /** Gives the session back to the pool; it may stay open for others. */
  close(): Promise<void>;
}

/**
 * Opens sessions with MCP servers, pooled and reconnected behind the scenes. The allowlist of the config is enforced by
 * the connection itself, so that careless code cannot call what is not listed.
 */
export abstract class McpConnections {
  /** @throws Unavailable when the server cannot be reached; `details.status` 401 when it wants authorization */
  abstract connect(server: McpServerConfig, signal: AbortSignal): Promise<McpConnection>;
}
