import { eventData } from '../server-sent-events.js';

/** What the runtime streams while a Query runs: an OpenAI chunk with an `ark` part, or an error. */
export interface AnswerChunk {
  choices?: {
    delta?: { content?: string | null; tool_calls?: { function?: { name?: string } }[] };
    finish_reason?: string | null;
  }[];
  ark?: { agent?: string; team?: string; turn?: number; target?: string; completedQuery?: unknown };
  error?: { message?: string };
}

/** The address of a Query's stream behind the runtime's HTTP door. */
export function streamUrl(apiUrl: string, query: { name: string; namespace: string }): string {
  const search = new URLSearchParams({
    namespace: query.namespace,
    'from-beginning': 'true',
    'wait-for-query': '60',
  });
  return `${apiUrl}/stream/${encodeURIComponent(query.name)}?${search}`;
}

/** Chunks as they come, until `[DONE]`. Throws when there is no such stream or it breaks. */
export async function* answerChunks(
  url: string,
  options: { headers: Record<string, string>; signal: AbortSignal },
): AsyncGenerator<AnswerChunk> {
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...options.headers },
    signal: options.signal,
  });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  for await (const data of eventData(response.body)) {
    if (data === '[DONE]') return;
    yield JSON.parse(data) as AnswerChunk;
  }
}
