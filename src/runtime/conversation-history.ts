import type { Message } from '../kit/index.js';

/** Earlier turns of conversations. */
export abstract class ConversationHistory {
  /**
   * The turns of a conversation, oldest first, without those of the Query that asks.
   *
   * @param exceptUid uid of the asking Query
   */
  abstract turns(namespace: string, conversationId: string, exceptUid: string): Promise<Message[]>;
}
