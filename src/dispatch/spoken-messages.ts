import { type ChatMessage, errorText } from '../kit/index.js';
import type { QueryOutcome } from '../reconcilers/query/query-dispatcher.js';
import type { Query } from '../resources/query/query.resource.js';
import { inputHistory } from '../resources/query/query-input.js';
import { toChatMessage } from '../runtime/conversation/chat-message.js';
import type { OpenConversation } from '../runtime/conversation/conversation-log.js';

/**
 * Keeps what was asked and answered, each conversation by itself. Failed answers are no part of a conversation: the
 * next turn would take them for something the agent said. An answer that cannot be kept stays an answer, and says so.
 */
export async function keepSpoken(
  conversation: OpenConversation,
  query: Query,
  text: string,
  outcomes: QueryOutcome[],
): Promise<QueryOutcome[]> {
  // A run that waits for a person is repeated as a whole; its turn is kept when it ends.
  if (outcomes.some(({ task }) => task?.metadata.toolCalls !== undefined)) return outcomes;
  const heard = outcomes.filter(({ phase, target }) => target.type !== 'tool' && HEARD.includes(phase));
  if (heard.length === 0) return outcomes;
  const id = conversationOf(query, outcomes);
  try {
    await conversation.keep(id, () => [
      ...inputHistory(query.spec).map(toChatMessage),
      { role: 'user', content: text },
      ...heard.flatMap(messagesOf),
    ]);
    return outcomes.map((outcome) =>
      outcome.phase === 'done' && heard.includes(outcome) ? { ...outcome, keptIn: id } : outcome,
    );
  } catch (error) {
    const memoryProblem = `the conversation '${id}' misses this turn: ${errorText(error)}`;
    return outcomes.map((outcome) => ({ ...outcome, memoryProblem }));
  }
}

const HEARD = ['done', 'input-required'];

/** The id under which the Query's status offers to go on. */
function conversationOf(query: Query, outcomes: QueryOutcome[]): string {
  const told = outcomes.map((one) => one.conversationId ?? one.a2a?.contextId).find((id) => id);
  return told ?? query.spec.conversationId ?? query.metadata.uid ?? '';
}

/** What an engine said, as it told it; a text where it told nothing that makes sense. */
function messagesOf({ raw, content, phase, target }: QueryOutcome): ChatMessage[] {
  if (phase === 'input-required') return [];
  const said = listIn(raw).filter((one): one is ChatMessage => typeof (one as ChatMessage | null)?.role === 'string');
  const spoken = said.filter(({ role }) => role !== 'system' && role !== 'user');
  return spoken.length > 0 ? spoken : [{ role: 'assistant', content, name: target.name }];
}

function listIn(raw: string): unknown[] {
  try {
    const value: unknown = JSON.parse(raw);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
