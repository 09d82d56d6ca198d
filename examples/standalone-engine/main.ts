import { type Engine, type EngineEvent, ExecutionEngine, type ExecutionRequest, text } from 'nest-ark';
import { serveEngine } from 'nest-ark/serve';

/** Introduces itself with the agent's resolved prompt, then says what it heard. */
@ExecutionEngine({ name: 'greeter', description: 'Introduces itself and repeats the question' })
class GreeterEngine implements Engine {
  async *execute({ agent, userInput, history }: ExecutionRequest): AsyncIterable<EngineEvent> {
    yield text(`I am ${agent.name}. My instructions: ${agent.prompt} `);
    if (history.length > 0) yield text(`This is message ${history.length + 1} of our conversation. `);
    yield text(`You said: ${userInput.content}`);
  }
}

await serveEngine(GreeterEngine);
