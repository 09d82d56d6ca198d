import type { Message } from '../kit/index.js';
import type { Query } from '../resources/query/query.resource.js';

/** Earlier turns of conversations. */
export abstract class ConversationHistory {
  /**
   * The turns of a conversation, oldest first, without those of the Query that asks.
   *
   * @throws `Unavailable` and its kin, naming the memory: an answer without its history would be a wrong one
   */
  abstract turns(query: Query, conversationId: string): Promise<Message[]>;
}
