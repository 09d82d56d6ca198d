import type { ToolConfig, ToolContext } from '../tool/tool-type.js';
import { noTracer } from '../tracing/tracer.js';
import { silentLogger } from './requests.js';

/** A Tool as the gate would hand it to its type: `probe` in `default`, no settings, any arguments. */
export function toolConfig(parts: Partial<ToolConfig> = {}): ToolConfig {
  return {
    name: 'probe',
    namespace: 'default',
    type: 'test',
    description: '',
    inputSchema: { type: 'object' },
    hints: {},
    settings: {},
    ...parts,
  };
}

/** What the gate lends for one call: a signal that is never aborted, no MCP servers, nobody to ask. */
export function toolContext(parts: Partial<ToolContext> = {}): ToolContext {
  return {
    signal: new AbortController().signal,
    logger: silentLogger,
    tracer: noTracer,
    queryParameters: {},
    idempotencyKey: 'uid-1:1',
    egress: {},
    mcp: { connect: () => Promise.reject(new Error('this context was given no MCP servers')) },
    delegation: { ask: () => Promise.reject(new Error('this context was given nobody to ask')) },
    ...parts,
  };
}
