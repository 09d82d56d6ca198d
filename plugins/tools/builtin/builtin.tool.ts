import { invalid, ProvidesTools, type ToolConfig, type ToolResult, type ToolType } from 'nest-ark';

const SCHEMAS = {
  noop: { type: 'object', properties: { message: { type: 'string' } } },
  terminate: {
    type: 'object',
    properties: { response: { type: 'string', description: 'The final answer' } },
    required: ['response'],
  },
};

/** `noop` gives back what it was given; `terminate` ends the agent's work, and its response is the answer. */
@ProvidesTools({ name: 'builtin', description: 'noop and terminate', external: false })
export class BuiltinToolType implements ToolType {
  inputSchema(tool: Pick<ToolConfig, 'name' | 'namespace' | 'settings'>): Record<string, unknown> {
    return SCHEMAS[builtinOf(tool)];
  }

  async call(tool: ToolConfig, args: Record<string, unknown>): Promise<ToolResult> {
    if (builtinOf(tool) === 'noop') return { text: JSON.stringify(args) };
    return { text: String(args.response), terminate: true };
  }
}

/** A Tool without the block is meant by its own name. */
function builtinOf({
  name,
  namespace,
  settings,
}: Pick<ToolConfig, 'name' | 'namespace' | 'settings'>): keyof typeof SCHEMAS {
  const builtin = (settings as { name?: string }).name ?? name;
  if (builtin === 'noop' || builtin === 'terminate') return builtin;
  throw invalid(`tool '${namespace}/${name}': '${builtin}' is no builtin tool; there are noop and terminate`);
}
