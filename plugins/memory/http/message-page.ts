import type { ChatMessage, MemoryItem, MemoryPage } from 'nest-ark';

interface WirePage {
  items?: unknown[];
  /** The name of 2025. */
  messages?: unknown[];
  hasMore?: boolean;
  nextCursor?: number | null;
}

/**
 * A page as any generation of memory services sends it. A message that is no chat message is read as text.
 * @throws `Error` for what is no page at all
 */
export function readPage(answer: unknown): MemoryPage {
  const page = (answer ?? {}) as WirePage;
  const list = page.items ?? page.messages;
  if (!Array.isArray(list)) throw new Error('the answer holds no list of messages (items)');
  const items = list.map(readItem);
  const next = page.nextCursor ?? items.at(-1)?.sequence;
  return { items, ...(page.hasMore && next !== undefined ? { next } : {}) };
}

function readItem(value: unknown, index: number): MemoryItem {
  const { sequence, query_id: queryId, message } = value as Record<string, unknown>;
  return {
    sequence: typeof sequence === 'number' ? sequence : index + 1,
    queryId: typeof queryId === 'string' ? queryId : '',
    message: readMessage(message),
  };
}

function readMessage(value: unknown): ChatMessage {
  if (typeof value === 'string') return { role: 'user', content: value };
  const message = value as Partial<ChatMessage> | null;
  if (typeof message?.role !== 'string') throw new Error('a stored message has no role');
  const content = message.content as unknown;
  return {
    ...message,
    role: message.role,
    content: typeof content === 'string' ? content : content ? JSON.stringify(content) : '',
  };
}
