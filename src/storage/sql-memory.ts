import type { ConversationEntry, MemoryClient, MemoryPage } from '../kit/index.js';
import type { Messages } from './messages.js';
import { waitingForServer } from './patience.js';

const DEFAULT_LIMIT = 100;
const MOST = 1000;

/** The built-in memory of one namespace: the database of this runtime. */
export class SqlMemory implements MemoryClient {
  constructor(
    private readonly messages: Messages,
    private readonly namespace: string,
  ) {}

  async append(entry: ConversationEntry, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { conversationId, query, again, ttlSeconds } = entry;
    const messages = entry.messages.map((message) => JSON.stringify(message));
    const ids = { conversationId, queryId: query.uid, queryName: query.name };
    await this.patiently(
      (repeated) =>
        this.messages.append({ namespace: this.namespace, ...ids, messages, again: again || repeated, ttlSeconds }),
      signal,
    );
  }

  async read(
    conversationId: string,
    { after = 0, limit = DEFAULT_LIMIT }: { after?: number; limit?: number },
    signal: AbortSignal,
  ): Promise<MemoryPage> {
    signal.throwIfAborted();
    const most = Math.min(limit, MOST);
    const filter = { namespace: this.namespace, conversationId };
    const rows = await this.patiently(() => this.messages.page(filter, after, most + 1), signal);
    const items = rows.slice(0, most).map(({ sequence, queryId, message }) => ({
      sequence,
      queryId,
      message: JSON.parse(message) as MemoryPage['items'][number]['message'],
    }));
    const next = rows.length > most ? items.at(-1)?.sequence : undefined;
    return { items, ...(next === undefined ? {} : { next }) };
  }

  async forget(queries: readonly { name: string; uid: string }[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.messages.forget(queries.map(({ uid }) => uid));
  }

  /** A server may come back; a file that cannot be used stays as it is. */
  private patiently<T>(work: (again: boolean) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.messages.shared ? waitingForServer(work, signal) : work(false);
  }
}
