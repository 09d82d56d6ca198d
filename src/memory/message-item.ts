import type { StoredMessage } from '../storage/messages.js';

/** A message as readers get it. `session_id` is the name of 2025 for the conversation. */
export function itemOf({ sequence, conversationId, queryId, queryName, message, createdAt }: StoredMessage) {
  return {
    timestamp: new Date(createdAt).toISOString(),
    conversation_id: conversationId,
    session_id: conversationId,
    query_id: queryId,
    ...(queryName === null ? {} : { query_name: queryName }),
    message: JSON.parse(message) as object,
    sequence,
  };
}
