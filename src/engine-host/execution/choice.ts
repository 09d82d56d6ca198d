import type { ModelClient, ToolBox, ToolCall, ToolDescription } from '../../kit/index.js';
import type { Resolved } from '../resolve/request-resolver.js';

/**
 * A request that asks for a choice instead of an answer: the agent keeps its prompt and its model, is told how to choose,
 * and has no tools but those to choose by.
 */
export function asChoice(
  resolved: Resolved,
  { instructions, tools }: { instructions: string; tools: readonly ToolDescription[] },
): { resolved: Resolved; made(): ToolCall | undefined } {
  const offered = new ChoiceTools(tools);
  const { agent } = resolved.request;
  const prompt = agent.prompt ? `${agent.prompt}\n\n${instructions}` : instructions;
  const request = {
    ...resolved.request,
    agent: { ...agent, prompt, tools: [], outputSchema: undefined },
    mcpServers: [],
  };
  const model = async () => choosing(await resolved.model());
  const choice = { ...resolved, request, tools: [], offered, model, directServers: async () => [] };
  return { resolved: choice, made: () => offered.made };
}

/** The first call is the choice, and ends the agent's work. */
class ChoiceTools implements ToolBox {
  made?: ToolCall;

  constructor(private readonly tools: readonly ToolDescription[]) {}

  list(): ToolDescription[] {
    return [...this.tools];
  }

  async call(call: ToolCall) {
    this.made ??= call;
    return { text: '', terminate: true };
  }
}

/** Models choose by a tool where they can, since words must be understood. */
const choosing = (client: ModelClient): ModelClient => ({
  config: client.config,
  complete: (request, signal) =>
    client.complete(request.tools?.length ? { ...request, toolChoice: 'required' } : request, signal),
});
