import {
  type EngineEvent,
  type ExecutionContext,
  type ExecutionRequest,
  invalid,
  type Message,
  type ModelClient,
  StructuredAnswer,
  type ToolCall,
  type ToolResult,
  text,
  toolCall,
  toolMessage,
  toolResult,
  usage,
} from 'nest-ark';
import type { CompletionsOptions } from './completions-options.js';

/** What a model said in one turn. */
interface Turn {
  words: string;
  calls: ToolCall[];
}

/** Asks the model, runs the tools it calls, and asks again, until it answers in words. State of one request. */
export class AgentLoop {
  private readonly messages: Message[];
  private readonly structured?: StructuredAnswer;
  private repaired = false;

  constructor(
    private readonly request: ExecutionRequest<CompletionsOptions>,
    private readonly context: ExecutionContext,
    private readonly model: ModelClient,
  ) {
    const { agent, history, userInput } = request;
    const system: Message[] = agent.prompt ? [{ role: 'system', content: agent.prompt }] : [];
    this.messages = [...system, ...history, userInput];
    if (agent.outputSchema) this.structured = new StructuredAnswer(agent, agent.outputSchema);
  }

  async *run(): AsyncGenerator<EngineEvent, void> {
    const { maxTurns } = this.request.options;
    for (let turns = 0; turns < maxTurns; turns++) {
      const turn = yield* this.turn();
      if (turn.calls.length === 0) {
        if (yield* this.answered(turn.words)) return;
      } else if (yield* this.called(turn)) return;
    }
    const { name, namespace } = this.request.agent;
    throw invalid(
      `agent '${namespace}/${name}' has not come to an answer within ${maxTurns} turns, the most its engine allows ` +
        '(option maxTurns): it may be going in circles',
      { reason: 'TooManyTurns' },
    );
  }

  /** Words that have to fit a schema are held back until they do. */
  private async *turn(): AsyncGenerator<EngineEvent, Turn> {
    const { signal, tools } = this.context;
    const offered = tools.list();
    const outputSchema = this.structured?.format;
    const request = { messages: this.messages, ...(offered.length > 0 ? { tools: offered } : {}), outputSchema };
    const turn: Turn = { words: '', calls: [] };
    for await (const event of this.model.complete(request, signal)) {
      if (event.type === 'tool-call') turn.calls.push(event.call);
      else if (event.type === 'usage') yield usage(event.usage);
      else {
        turn.words += event.text;
        if (!this.structured && event.text) yield text(event.text);
      }
    }
    return turn;
  }

  /** All calls of a turn run side by side; their results keep the order of the calls. */
  private async *called({ words, calls }: Turn): AsyncGenerator<EngineEvent, boolean> {
    if (this.structured && words) yield text(words);
    for (const call of calls) yield toolCall(call);
    this.messages.push({ role: 'assistant', content: words, toolCalls: calls });
    const results = await Promise.all(calls.map((call) => this.context.tools.call(call)));
    for (const [i, call] of calls.entries()) {
      const result = results[i] as ToolResult;
      this.messages.push(toolMessage(call, result));
      yield toolResult(call, result);
    }
    const last = results.find((result) => result.terminate);
    if (!last) return false;
    if (last.text) yield text(last.text);
    return true;
  }

  private async *answered(words: string): AsyncGenerator<EngineEvent, boolean> {
    if (!this.structured) return true;
    const { answer, problems } = await this.structured.judge(words);
    if (problems.length === 0) {
      yield text(answer);
      return true;
    }
    if (this.repaired) throw this.structured.misfit(problems);
    this.repaired = true;
    this.messages.push(
      { role: 'assistant', content: words },
      { role: 'user', content: this.structured.correction(problems) },
    );
    return false;
  }
}
