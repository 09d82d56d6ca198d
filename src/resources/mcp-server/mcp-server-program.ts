import type { McpProgram } from '../../kit/index.js';
import type { ParameterOwner } from '../values/parameter-owner.js';
import { resolveParameters } from '../values/resolve-parameters.js';
import type { ValueLookup } from '../values/value-lookup.js';
import type { MCPServer } from './mcp-server.resource.js';

/** The program of a `stdio` server with its environment resolved; nothing for a server with an address. */
export async function mcpProgram(
  { spec, metadata }: MCPServer,
  lookup: ValueLookup,
  query?: ParameterOwner,
): Promise<{ program?: McpProgram }> {
  if (spec.transport !== 'stdio') return {};
  const env = await resolveParameters(spec.env, metadata.namespace ?? '', lookup, query);
  return { program: { command: spec.command ?? '', args: spec.args ?? [], env } };
}
