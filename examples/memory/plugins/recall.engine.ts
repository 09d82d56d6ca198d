import { type Engine, type EngineEvent, ExecutionEngine, type ExecutionRequest, text } from 'nest-ark';

/** Says what it remembers of the conversation, so that one can see its history without a model. */
@ExecutionEngine({ name: 'recall', description: 'Says what it remembers', streaming: false })
export class RecallEngine implements Engine {
  async *execute({ history, userInput }: ExecutionRequest): AsyncIterable<EngineEvent> {
    const told = history.filter(({ role }) => role === 'user').map(({ content }) => content);
    yield text(told.length > 0 ? `You told me: ${told.join(' ')}` : `I heard: ${userInput.content}`);
  }
}
