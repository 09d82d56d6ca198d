import type { ToolCall, ToolResult } from '../../kit/index.js';
import type { ChatMessage } from '../conversation/chat-message.js';

/** Whose words a chunk carries; the same for all chunks of one target of one attempt. */
export interface ChunkSource {
  /** `chatcmpl-…`, the same for all chunks of one completion. */
  id: string;
  /** OpenAI's field: `agent/<name>`, or the model's name. */
  model: string;
  /** Seconds since 1970. */
  created: number;
  ark: {
    query: string;
    session: string;
    target: string;
    agent?: string;
    team?: string;
    /** Counts the turns of a team in the order they are heard: the same member may speak twice in a row. */
    turn?: number;
    model?: string;
  };
}

/** How a stream of chunks ends. */
export interface CompletedQuery {
  metadata: { name: string; namespace: string };
  status: {
    phase: string;
    conversationId?: string;
    response?: { target: { type: string; name: string }; content: string; raw: string; phase: string };
    tokenUsage?: object;
    cost?: object[];
  };
}

export type ChunkBody =
  | { type: 'text'; text: string }
  | { type: 'message'; message: ChatMessage }
  /** `index` counts the calls of a stream: readers join fragments of calls by it. */
  | { type: 'tool-call'; call: ToolCall; index: number }
  | { type: 'tool-result'; call: ToolCall; result: ToolResult }
  /** The runtime's own word, e.g. why a team ended. */
  | { type: 'system'; text: string }
  | { type: 'error'; message: string; code: string }
  | { type: 'final'; completedQuery: CompletedQuery }
  /** JSON of a chunk that an engine outside this process wrote itself. */
  | { type: 'foreign'; json: string };

/** One entry of a stream. Kept as facts and written as JSON only when somebody reads it. */
export interface Chunk {
  /** 1 for the first chunk of a stream; the SSE event id. */
  id: number;
  source: ChunkSource;
  body: ChunkBody;
}

/** The wire form: OpenAI's `chat.completion.chunk` with the member `ark`. */
export function chunkJson({ source, body }: Chunk): string {
  if (body.type === 'foreign') return body.json;
  const { ark, ...head } = source;
  if (body.type === 'error') {
    return JSON.stringify({ error: { message: body.message, type: 'server_error', code: body.code }, ark });
  }
  if (body.type === 'system') {
    const note = { ...ark, systemMessage: body.text };
    return JSON.stringify({
      ...head,
      object: 'chat.completion.chunk',
      id: 'chatcmpl-system',
      choices: null,
      ark: note,
    });
  }
  const choice = (delta: object, finish: string | null) => [{ index: 0, delta, finish_reason: finish }];
  const envelope = { ...head, object: 'chat.completion.chunk' };
  if (body.type === 'final') {
    const choices = choice({ content: '' }, 'stop');
    return JSON.stringify({
      ...envelope,
      id: 'chatcmpl-final',
      choices,
      ark: { ...ark, completedQuery: body.completedQuery },
    });
  }
  if (body.type === 'tool-result') {
    // Readers add up the content of deltas whoever spoke: a result must not become part of the answer.
    const { text, isError = false } = body.result;
    const toolResult = { id: body.call.id, name: body.call.name, text, isError };
    return JSON.stringify({ ...envelope, choices: choice({}, null), ark: { ...ark, toolResult } });
  }
  if (body.type === 'tool-call') {
    const { id, name, arguments: written } = body.call;
    const call = { index: body.index, id, type: 'function', function: { name, arguments: written } };
    return JSON.stringify({ ...envelope, choices: choice({ role: 'assistant', tool_calls: [call] }, null), ark });
  }
  const delta = body.type === 'text' ? { role: 'assistant', content: body.text } : body.message;
  return JSON.stringify({ ...envelope, choices: choice(delta, null), ark });
}

/** What an entry costs in memory, roughly, in bytes. */
export function chunkSize({ body }: Chunk): number {
  if (body.type === 'text') return 96 + 2 * body.text.length;
  if (body.type === 'foreign') return 96 + 2 * body.json.length;
  if (body.type !== 'final') return 96 + 2 * JSON.stringify(body).length;
  // Every stream has one, and its size is that of two texts.
  const { content = '', raw = '' } = body.completedQuery.status.response ?? {};
  return 800 + 2 * (content.length + raw.length);
}
