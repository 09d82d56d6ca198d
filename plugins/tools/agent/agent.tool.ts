import { invalid, ProvidesTools, type ToolConfig, type ToolContext, type ToolResult, type ToolType } from 'nest-ark';

const INPUT = {
  type: 'object',
  properties: { input: { type: 'string', description: 'What the agent is asked' } },
  required: ['input'],
};

/** Asks another agent of the namespace, within the time and the budget of the Query. */
@ProvidesTools({ name: 'agent', description: 'Asks another agent', timeoutMs: Number.POSITIVE_INFINITY })
export class AgentToolType implements ToolType {
  inputSchema({ inputSchema }: Pick<ToolConfig, 'inputSchema'>): Record<string, unknown> {
    const { properties } = inputSchema as { properties?: Record<string, unknown> };
    return properties?.input ? inputSchema : INPUT;
  }

  async call(tool: ToolConfig, { input }: Record<string, unknown>, { delegation }: ToolContext): Promise<ToolResult> {
    const { name } = tool.settings as { name?: string };
    if (!name) throw invalid(`tool '${tool.namespace}/${tool.name}' names no agent: write spec.agent.name`);
    if (typeof input !== 'string') throw invalid("the argument 'input' must be a text");
    return { text: await delegation.ask({ type: 'agent', name }, input) };
  }
}
