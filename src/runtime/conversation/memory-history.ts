import { invalid, type MemoryPage, type Message } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { checkPrompt } from '../budgets/prompt-limit.js';
import { ConversationHistory } from '../conversation-history.js';
import type { LateTurns } from '../passing/late-turns.js';
import { fromChatMessage } from './chat-message.js';
import type { Memories } from './memories.js';

const PAGE = 1000;
/** A model that could read more does not exist; whoever gets here has a conversation that never ends. */
const MOST = 20_000;
const READ_MS = 60_000;

/** Remembers conversations by what their memory holds. */
export class MemoryHistory extends ConversationHistory {
  constructor(
    private readonly memories: Memories,
    private readonly late: LateTurns,
  ) {
    super();
  }

  async turns(query: Query, conversationId: string): Promise<Message[]> {
    await this.late.written(query.metadata.namespace ?? '', conversationId);
    const memory = await this.memories.of(query);
    const signal = AbortSignal.timeout(READ_MS);
    const turns: Message[] = [];
    const whose = `conversation '${conversationId}'`;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: MemoryPage = await memory.read(conversationId, { after, limit: PAGE }, signal);
      for (const item of page.items) {
        if (item.queryId === query.metadata.uid) continue;
        const turn = fromChatMessage(item.message);
        // A system prompt belongs to the agent of then.
        if (turn && turn.role !== 'system') turns.push(turn);
      }
      if (turns.length > MOST) {
        throw invalid(`${whose} holds more than ${MOST} messages: begin a new one`);
      }
      checkPrompt(turns, whose);
      after = page.next;
    }
    return turns;
  }
}
