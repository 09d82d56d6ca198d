import type { ChatMessage, MemoryClient } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { LateTurns } from '../passing/late-turns.js';
import { isPassing } from '../passing/passing-queries.js';
import type { Memories } from './memories.js';

const WRITE_MS = 60_000;

/** Keeps what was said in a Query, for the next one of its conversation. */
export class ConversationLog {
  constructor(
    private readonly memories: Memories,
    private readonly ttlSeconds: number,
    private readonly late: LateTurns,
  ) {}

  /** @throws `NotFound` and `Unavailable` when the memory of the Query cannot be used: before any work is done */
  async open(query: Query): Promise<OpenConversation> {
    return new OpenConversation(await this.memories.of(query), query, this.ttlSeconds, this.late);
  }
}

/** The memory of one Query, which can be written. */
export class OpenConversation {
  constructor(
    private readonly memory: MemoryClient,
    private readonly query: Query,
    private readonly ttlSeconds: number,
    private readonly late: LateTurns,
  ) {}

  /**
   * Adds to the end of a conversation what this Query said, once, however often the Query is tried. A
   * Query that no API server keeps does not wait for its memory either.
   *
   * @param said called when they are written
   * @throws `Unavailable` and its kin, naming the memory
   */
  async keep(conversationId: string, said: () => ChatMessage[]): Promise<void> {
    const { name, namespace = '', uid = '' } = this.query.metadata;
    const again = (this.query.status?.claim?.attempt ?? 1) > 1;
    const entry = { conversationId, query: { name, uid }, again, ttlSeconds: this.ttlSeconds };
    const write = () => this.memory.append({ ...entry, messages: said() }, AbortSignal.timeout(WRITE_MS));
    await (isPassing(this.query) ? this.late.add(namespace, conversationId, write) : write());
  }
}
