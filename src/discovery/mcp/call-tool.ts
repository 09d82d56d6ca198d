import type { Client } from '@modelcontextprotocol/client';
import type { ToolResult } from '../../kit/index.js';
import { toolResult } from './call-result.js';
import type { McpSession } from './mcp-session.js';

interface ToolCall {
  name: string;
  args: Record<string, unknown>;
  /** `traceparent` and its kin, where programs without HTTP find them too. */
  meta: Record<string, string>;
}

interface Limits {
  signal: AbortSignal;
  timeoutMs: number;
}

type ToolDefinition = NonNullable<NonNullable<Parameters<Client['callTool']>[1]>['toolDefinition']>;

/** Calls a tool. Never twice unless the server cannot have acted on the first call. */
export function callTool(
  session: McpSession,
  { name, args, meta }: ToolCall,
  { signal, timeoutMs }: Limits,
): Promise<ToolResult> {
  const inputSchema = session.inputSchemas.get(name);
  // Without an output schema: what a server promises about its answer and does not keep is no reason to lose it.
  const known = inputSchema === undefined ? {} : { toolDefinition: { name, inputSchema } as ToolDefinition };
  const options = { signal, timeout: timeoutMs, onprogress: () => {}, resetTimeoutOnProgress: true, ...known };
  return session.use({
    what: `calling tool '${name}'`,
    signal,
    repeatable: false,
    run: async (client) =>
      toolResult(
        await client.callTool({ name, arguments: args, ...(meta.traceparent ? { _meta: meta } : {}) }, options),
      ),
  });
}
