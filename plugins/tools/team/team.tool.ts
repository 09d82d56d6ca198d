import { invalid, ProvidesTools, type ToolConfig, type ToolContext, type ToolResult, type ToolType } from 'nest-ark';

const INPUT = {
  type: 'object',
  properties: { input: { type: 'string', description: 'What the team is asked' } },
  required: ['input'],
};

/** Asks a team of the namespace, within the time and the budget of the Query. */
@ProvidesTools({ name: 'team', description: 'Asks a team', timeoutMs: Number.POSITIVE_INFINITY })
export class TeamToolType implements ToolType {
  inputSchema({ inputSchema }: Pick<ToolConfig, 'inputSchema'>): Record<string, unknown> {
    const { properties } = inputSchema as { properties?: Record<string, unknown> };
    return properties?.input ? inputSchema : INPUT;
  }

  async call(tool: ToolConfig, { input }: Record<string, unknown>, { delegation }: ToolContext): Promise<ToolResult> {
    const { name } = tool.settings as { name?: string };
    if (!name) throw invalid(`tool '${tool.namespace}/${tool.name}' names no team: write spec.team.name`);
    if (typeof input !== 'string') throw invalid("the argument 'input' must be a text");
    return { text: await delegation.ask({ type: 'team', name }, input) };
  }
}
