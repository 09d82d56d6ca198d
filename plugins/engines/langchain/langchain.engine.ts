import { type Engine, type EngineEvent, type ExecutionContext, ExecutionEngine, type ExecutionRequest } from 'nest-ark';
import { LangchainOptions } from './langchain-options.js';

/** Answers with the agent's model, spoken to through LangChain. */
@ExecutionEngine({
  name: 'langchain',
  description: 'Answers with the agent’s model and tools through LangChain',
  options: LangchainOptions,
})
export class LangchainEngine implements Engine<LangchainOptions> {
  async *execute(request: ExecutionRequest<LangchainOptions>, context: ExecutionContext): AsyncIterable<EngineEvent> {
    context.signal.throwIfAborted();
    // The library is for agents that name this engine; a process without them never loads it.
    const { AgentRun } = await import('./agent-run.js');
    yield* new AgentRun(request, context, await context.model()).events();
  }
}
