import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  type ContentBlock,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages';
import type { Message, ToolCall, ToolImage } from 'nest-ark';

/** A turn of the conversation as LangChain has it. */
export function toLangchain({ role, content, name, toolCalls, toolCallId, isError, images }: Message): BaseMessage {
  if (role === 'system') return new SystemMessage(content);
  if (role === 'user') return new HumanMessage({ content: withImages(content, images), ...(name ? { name } : {}) });
  if (role === 'tool') {
    const failed = isError ? { status: 'error' as const } : {};
    return new ToolMessage({ content: withImages(content, images), tool_call_id: toolCallId ?? '', ...failed });
  }
  // As a chunk it keeps the arguments of its calls as the text that the model wrote.
  const chunks = (toolCalls ?? []).map((call, index) => ({ ...callChunk(call), index }));
  return new AIMessageChunk({ content, tool_call_chunks: chunks, ...(name ? { name } : {}) });
}

/** A message of LangChain as the runtime has it. Of content in blocks, texts and embedded images are kept. */
export function fromLangchain(message: BaseMessage): Message {
  const content = message.text;
  const images = imagesOf(message);
  const named = message.name === undefined ? {} : { name: message.name };
  const seen = images.length > 0 ? { images } : {};
  if (SystemMessage.isInstance(message)) return { role: 'system', content };
  if (ToolMessage.isInstance(message)) {
    const failed = message.status === 'error' ? { isError: true } : {};
    return { role: 'tool', content, toolCallId: message.tool_call_id, ...failed, ...seen };
  }
  if (!AIMessage.isInstance(message)) return { role: 'user', content, ...named, ...seen };
  const calls = toolCallsOf(message);
  return { role: 'assistant', content, ...named, ...(calls.length > 0 ? { toolCalls: calls } : {}) };
}

/** The calls that a model asked for, with their arguments as it wrote them where the message still has them. */
export function toolCallsOf(message: AIMessage | AIMessageChunk): ToolCall[] {
  const written = (message as AIMessageChunk).tool_call_chunks ?? [];
  if (written.length > 0) {
    return written.map(({ id, name, args }) => ({ id: id ?? '', name: name ?? '', arguments: args ?? '' }));
  }
  return (message.tool_calls ?? []).map(({ id, name, args }) => {
    return { id: id ?? '', name, arguments: JSON.stringify(args) };
  });
}

/** A call as a piece of a streamed message. */
export function callChunk({ id, name, arguments: args }: ToolCall) {
  return { type: 'tool_call_chunk' as const, id, name, args };
}

function withImages(text: string, images: ToolImage[] = []): string | ContentBlock.Standard[] {
  if (images.length === 0) return text;
  return [{ type: 'text', text }, ...images.map(({ mimeType, data }) => ({ type: 'image' as const, mimeType, data }))];
}

function imagesOf(message: BaseMessage): ToolImage[] {
  if (typeof message.content === 'string') return [];
  return message.content.flatMap((block) => {
    const { type, mimeType, data } = block as { type?: unknown; mimeType?: unknown; data?: unknown };
    return type === 'image' && typeof mimeType === 'string' && typeof data === 'string' ? [{ mimeType, data }] : [];
  });
}
