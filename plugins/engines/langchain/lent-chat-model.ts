import type { BaseLanguageModelInput } from '@langchain/core/language_models/base';
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import type { Runnable } from '@langchain/core/runnables';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import type { CompletionRequest, ModelClient, ModelEvent, ToolChoice, ToolDescription } from 'nest-ark';
import { callChunk, fromLangchain } from './chat-messages.js';

/** What a completion may be told beside its messages. */
export interface LentCallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[];
  /** JSON Schema of the answer, with the name it is sent under. */
  outputSchema?: CompletionRequest['outputSchema'];
}

type Chunks = AsyncGenerator<ChatGenerationChunk>;

/**
 * The model that the runtime lends, as a chat model of LangChain: whatever runs on one runs on every installed provider,
 * and keys stay with the runtime.
 */
export class LentChatModel extends BaseChatModel<LentCallOptions> {
  constructor(
    private readonly client: ModelClient,
    private readonly stopping: AbortSignal,
  ) {
    super({});
  }

  override _llmType(): string {
    return 'nest-ark';
  }

  override bindTools(
    tools: BindToolsInput[],
    options: Partial<LentCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, LentCallOptions> {
    return this.withConfig({ ...options, tools });
  }

  override async *_streamResponseChunks(messages: BaseMessage[], options: this['ParsedCallOptions']): Chunks {
    let calls = 0;
    for await (const event of this.client.complete(requestOf(messages, options), options.signal ?? this.stopping)) {
      yield chunkOf(event, calls);
      if (event.type === 'tool-call') calls += 1;
    }
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const chunk of this._streamResponseChunks(messages, options)) whole = whole?.concat(chunk) ?? chunk;
    return { generations: [whole ?? new ChatGenerationChunk({ text: '', message: new AIMessageChunk('') })] };
  }
}

function requestOf(messages: BaseMessage[], { tools = [], tool_choice, outputSchema }: LentCallOptions) {
  const request: CompletionRequest = { messages: messages.map(fromLangchain) };
  if (tools.length > 0) request.tools = tools.map(toolDescription);
  if (tools.length > 0 && tool_choice !== undefined) request.toolChoice = toolChoice(tool_choice);
  if (outputSchema) request.outputSchema = outputSchema;
  return request;
}

function toolDescription(tool: BindToolsInput): ToolDescription {
  const { name, description = '', parameters = {} } = convertToOpenAITool(tool as never).function;
  return { name, description, inputSchema: parameters };
}

/** LangChain can also ask for one tool by name; the nearest that every provider knows is that some tool be called. */
function toolChoice(choice: LentCallOptions['tool_choice']): ToolChoice {
  return choice === 'auto' || choice === 'none' ? choice : 'required';
}

function chunkOf(event: ModelEvent, index: number): ChatGenerationChunk {
  if (event.type === 'text') {
    return new ChatGenerationChunk({ text: event.text, message: new AIMessageChunk(event.text) });
  }
  if (event.type === 'tool-call') {
    const message = new AIMessageChunk({ content: '', tool_call_chunks: [{ ...callChunk(event.call), index }] });
    return new ChatGenerationChunk({ text: '', message });
  }
  const { promptTokens, completionTokens, totalTokens, cachedTokens } = event.usage;
  const usage_metadata = {
    input_tokens: promptTokens,
    output_tokens: completionTokens,
    total_tokens: totalTokens,
    ...(cachedTokens === undefined ? {} : { input_token_details: { cache_read: cachedTokens } }),
  };
  return new ChatGenerationChunk({ text: '', message: new AIMessageChunk({ content: '', usage_metadata }) });
}
