import type { ChatMessage, Message, ToolCall } from '../../kit/index.js';

export type { ChatMessage };

export function toChatMessage({ role, content, name, toolCalls, toolCallId, isError }: Message): ChatMessage {
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
    ...(isError ? { is_error: true } : {}),
  };
}

const ROLES = ['system', 'user', 'assistant', 'tool'];
const OTHER_NAMES: Record<string, string> = { developer: 'system', function: 'tool' };

/** Undefined for anything without a role, e.g. the error entry of a failed Query. A role nobody knows is a user's. */
export function fromChatMessage(value: unknown): Message | undefined {
  const chat = value as Partial<ChatMessage> | null;
  if (typeof chat !== 'object' || chat === null || typeof chat.role !== 'string') return undefined;
  const known = OTHER_NAMES[chat.role] ?? chat.role;
  const role = ROLES.includes(known) ? known : 'user';
  const toolCalls = toolCallsOf(chat.tool_calls);
  return {
    role: role as Message['role'],
    content: typeof chat.content === 'string' ? chat.content : '',
    ...(chat.name ? { name: chat.name } : {}),
    ...(toolCalls.length ? { toolCalls } : {}),
    ...(chat.tool_call_id ? { toolCallId: chat.tool_call_id } : {}),
    ...(chat.is_error === true ? { isError: true } : {}),
  };
}

/** What engines elsewhere store may be anything; only well-formed calls count. */
function toolCallsOf(value: unknown): ToolCall[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((call: { id?: unknown; function?: { name?: unknown; arguments?: unknown } } | null) => {
    const id = call?.id;
    const { name, arguments: args } = call?.function ?? {};
    const fits = typeof id === 'string' && typeof name === 'string' && typeof args === 'string';
    return fits ? [{ id, name, arguments: args }] : [];
  });
}
