import {
  type Engine,
  type EngineEvent,
  type ExecutionContext,
  ExecutionEngine,
  type ExecutionRequest,
  invalid,
  text,
} from 'nest-ark';
import { AgentLoop } from './agent-loop.js';
import { CompletionsOptions } from './completions-options.js';

/** Answers with the agent's model, which may call tools. The engine of agents that name none, of models and of tools. */
@ExecutionEngine({
  name: 'completions',
  // What Ark calls it.
  aliases: ['ark-completions'],
  description: 'Answers with the agent’s model, which may call the agent’s tools',
  options: CompletionsOptions,
})
export class CompletionsEngine implements Engine<CompletionsOptions> {
  async *execute(request: ExecutionRequest<CompletionsOptions>, context: ExecutionContext): AsyncIterable<EngineEvent> {
    if (request.target.type === 'tool') yield* askTool(request, context);
    else yield* new AgentLoop(request, context, await context.model()).run();
  }
}

/** A Query that asks a tool: its text is the arguments when it is a JSON object, else the argument `input`. */
async function* askTool({ target, userInput }: ExecutionRequest<CompletionsOptions>, { tools }: ExecutionContext) {
  const [tool] = tools.list();
  const call = {
    id: `tool-call-${target.name}`,
    name: tool?.name ?? target.name,
    arguments: asArguments(userInput.content),
  };
  const result = await tools.call(call);
  if (result.isError) throw invalid(result.text);
  yield text(result.text);
}

function asArguments(said: string): string {
  try {
    const value: unknown = JSON.parse(said);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return said;
  } catch {
    // It is a sentence.
  }
  return JSON.stringify({ input: said });
}
