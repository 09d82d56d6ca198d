import {
  type Engine,
  type EngineEvent,
  type ExecutionContext,
  ExecutionEngine,
  type ExecutionRequest,
  invalid,
  type Message,
  text,
  usage,
} from 'nest-ark';

/** Answers with one completion of the agent's model. The engine of agents that name none, and of model targets. */
@ExecutionEngine({ name: 'completions', description: 'Answers with one completion of the agent’s model' })
export class CompletionsEngine implements Engine {
  async *execute(request: ExecutionRequest, context: ExecutionContext): AsyncIterable<EngineEvent> {
    refuseTools(request);
    const model = await context.model();
    const { agent } = request;
    const outputSchema = agent.outputSchema && { name: schemaName(agent), schema: agent.outputSchema };
    for await (const event of model.complete({ messages: conversation(request), outputSchema }, context.signal)) {
      if (event.type === 'text') yield text(event.text);
      else if (event.type === 'usage') yield usage(event.usage);
      else
        throw invalid(`model '${model.config.name}' asked for tool '${event.call.name}', which was not offered to it`);
    }
  }
}

function refuseTools({ agent }: ExecutionRequest): void {
  if (agent.tools.length === 0) return;
  const names = agent.tools.map((tool) => tool.name).join(', ');
  throw invalid(
    `agent '${agent.namespace}/${agent.name}' lists tools (${names}), and the engine 'completions' calls no tools: ` +
      'remove spec.tools, or name an engine that calls tools in spec.executionEngine.name',
  );
}

function conversation({ agent, history, userInput }: ExecutionRequest): Message[] {
  const system: Message[] = agent.prompt ? [{ role: 'system', content: agent.prompt }] : [];
  return [...system, ...history, userInput];
}

/** OpenAI allows 64 characters. */
const schemaName = ({ name, namespace }: { name: string; namespace: string }) =>
  `namespace-${namespace}-agent-${name}`.slice(0, 64);
