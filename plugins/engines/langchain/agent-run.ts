import { AIMessageChunk, type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages';
import type { Runnable } from '@langchain/core/runnables';
import { concat } from '@langchain/core/utils/stream';
import {
  type EngineEvent,
  type ExecutionContext,
  type ExecutionRequest,
  invalid,
  type ModelClient,
  StructuredAnswer,
  text,
  toolCall,
  toolMessage,
  toolResult,
  usage,
} from 'nest-ark';
import { toLangchain, toolCallsOf } from './chat-messages.js';
import type { LangchainOptions } from './langchain-options.js';
import { LentChatModel } from './lent-chat-model.js';

/** Asks the model, runs the tools that it calls, and asks again, until it answers in words. State of one request. */
export class AgentRun {
  private readonly messages: BaseMessage[];
  private readonly model: Runnable<BaseMessage[], AIMessageChunk>;
  private readonly structured?: StructuredAnswer;
  private repaired = false;

  constructor(
    private readonly request: ExecutionRequest<LangchainOptions>,
    private readonly context: ExecutionContext,
    client: ModelClient,
  ) {
    const { agent, history, userInput } = request;
    const system = agent.prompt ? [new SystemMessage(agent.prompt)] : [];
    this.messages = [...system, ...history.map(toLangchain), toLangchain(userInput)];
    if (agent.outputSchema) this.structured = new StructuredAnswer(agent, agent.outputSchema);
    const tools = context.tools.list().map(({ name, description, inputSchema }) => ({
      type: 'function' as const,
      function: { name, description, parameters: inputSchema },
    }));
    const outputSchema = this.structured?.format;
    this.model = new LentChatModel(client, context.signal).bindTools(tools, outputSchema ? { outputSchema } : {});
  }

  async *events(): AsyncGenerator<EngineEvent, void> {
    const { maxTurns } = this.request.options;
    for (let turns = 0; turns < maxTurns; turns++) {
      const said = yield* this.turn();
      this.messages.push(said);
      const done = toolCallsOf(said).length > 0 ? yield* this.called(said) : yield* this.answered(said.text);
      if (done) return;
    }
    const { name, namespace } = this.request.agent;
    throw invalid(
      `agent '${namespace}/${name}' has not come to an answer within ${maxTurns} turns, the most its engine allows ` +
        '(option maxTurns): it may be going in circles',
      { reason: 'TooManyTurns' },
    );
  }

  /** One completion. Words that have to fit a schema are held back until they do. */
  private async *turn(): AsyncGenerator<EngineEvent, AIMessageChunk> {
    let said: AIMessageChunk | undefined;
    for await (const chunk of await this.model.stream(this.messages, { signal: this.context.signal })) {
      said = said ? concat(said, chunk) : chunk;
      if (chunk.text && !this.structured) yield text(chunk.text);
    }
    if (said?.usage_metadata) yield usage(tokens(said.usage_metadata));
    return said ?? new AIMessageChunk('');
  }

  /** All calls of a turn run side by side, each through the gate; their results keep the order of the calls. */
  private async *called(said: AIMessageChunk): AsyncGenerator<EngineEvent, boolean> {
    if (this.structured && said.text) yield text(said.text);
    const calls = toolCallsOf(said);
    for (const call of calls) yield toolCall(call);
    const results = await Promise.all(
      calls.map(async (call) => ({ call, result: await this.context.tools.call(call) })),
    );
    for (const { call, result } of results) {
      this.messages.push(toLangchain(toolMessage(call, result)));
      yield toolResult(call, result);
    }
    const last = results.find(({ result }) => result.terminate)?.result;
    if (last?.text) yield text(last.text);
    return last !== undefined;
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
    this.messages.push(new HumanMessage(this.structured.correction(problems)));
    return false;
  }
}

function tokens({
  input_tokens,
  output_tokens,
  total_tokens,
  input_token_details,
}: NonNullable<AIMessageChunk['usage_metadata']>) {
  const cachedTokens = input_token_details?.cache_read;
  return {
    promptTokens: input_tokens,
    completionTokens: output_tokens,
    totalTokens: total_tokens,
    ...(cachedTokens === undefined ? {} : { cachedTokens }),
  };
}
