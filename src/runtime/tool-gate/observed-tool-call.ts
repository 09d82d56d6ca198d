import type { ToolResult } from '../../kit/index.js';
import type { Tracing } from '../../machinery/observability/tracing/tracing.js';
import type { ToolMetrics } from './tool-metrics.js';

/** A call as others may see it. */
export interface SeenCall {
  /** The model's id of the call; empty text where there is none. */
  id: string;
  name: string;
  type: string;
  /** Without what the manifest pins: that may be secret. */
  args: unknown;
}

/** Types whose tools are services of others, which the conventions call extensions. */
const OUTSIDE: ReadonlySet<string> = new Set(['http', 'mcp']);

/** Makes a call of a tool, timed and traced. */
export function observedToolCall(
  { id, name, type, args }: SeenCall,
  { metrics, tracing }: { metrics: ToolMetrics; tracing: Tracing },
  call: () => Promise<ToolResult>,
): Promise<ToolResult> {
  const started = performance.now();
  const attributes = {
    'openinference.span.kind': 'TOOL',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.type': OUTSIDE.has(type) ? 'extension' : 'function',
    'tool.name': name,
    'tool.type': type,
    ...(id ? { 'gen_ai.tool.call.id': id } : {}),
    ...(tracing.withContent ? { 'gen_ai.tool.call.arguments': textOf(args) } : {}),
  };
  let outcome: 'ok' | 'error' = 'error';
  return tracing
    .span(
      `execute_tool ${name}`,
      async (span) => {
        const result = await call();
        if (tracing.withContent) span.set({ 'gen_ai.tool.call.result': result.text });
        if (result.isError) span.set({ 'error.type': 'tool_error' });
        else outcome = 'ok';
        return result;
      },
      attributes,
    )
    .finally(() => metrics.called(type, outcome, (performance.now() - started) / 1000));
}

const textOf = (args: unknown): string => (typeof args === 'string' ? args : (JSON.stringify(args) ?? ''));
