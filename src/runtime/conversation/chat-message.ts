import type { Message } from '../../kit/index.js';

/** A chat message as it is stored in a Query's status and sent over A2A: OpenAI's shape, in snake case. */
export interface ChatMessage {
  role: string;
  content: string;
  name?: string;
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

export function toChatMessage({ role, content, name, toolCalls, toolCallId }: Message): ChatMessage {
  const calls = toolCalls?.map((call) => ({
    id: call.id,
    type: 'function' as const,
    function: { name: call.name, arguments: call.arguments },
  }));
  return {
    role,
    content,
    ...(name ? { name } : {}),
    ...(calls?.length ? { tool_calls: calls } : {}),
    ...(toolCallId ? { tool_call_id: toolCallId } : {}),
  };
}

const ROLES = ['system', 'user', 'assistant', 'tool'];

/** Undefined for anything that is not a chat message, e.g. the error entry of a failed Query. */
export function fromChatMessage(value: unknown): Message | undefined {
  const chat = value as Partial<ChatMessage> | null;
  if (typeof chat !== 'object' || chat === null || !ROLES.includes(chat.role ?? '')) return undefined;
  const toolCalls = chat.tool_calls?.map((call) => ({ id: call.id, ...call.function }));
  return {
    role: chat.role as Message['role'],
    content: typeof chat.content === 'string' ? chat.content : '',
    ...(chat.name ? { name: chat.name } : {}),
    ...(toolCalls?.length ? { toolCalls } : {}),
    ...(chat.tool_call_id ? { toolCallId: chat.tool_call_id } : {}),
  };
}
