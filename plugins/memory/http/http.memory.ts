import type { OnApplicationShutdown } from '@nestjs/common';
import {
  type ConversationEntry,
  MemoryBackend,
  type MemoryClient,
  type MemoryConfig,
  type MemoryPage,
  type MemoryProvider,
} from 'nest-ark';
import { isPassing, MemoryService, memoryConnections } from './memory-service.js';
import { readPage } from './message-page.js';

const DEFAULT_LIMIT = 100;
const MOST = 1000;

/** Memory services that speak Ark's memory API: its broker, its cluster memory, this runtime itself. */
@MemoryBackend({ name: 'http', description: 'Memory services over HTTP', schemes: ['http', 'https'] })
export class HttpMemoryBackend implements MemoryProvider, OnApplicationShutdown {
  private readonly anywhere = memoryConnections({});
  private readonly elsewhere = memoryConnections({ loopback: false });

  open(config: MemoryConfig): MemoryClient {
    const connections = config.egress?.loopback === false ? this.elsewhere : this.anywhere;
    return new HttpMemory(new MemoryService(config, connections));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.anywhere.destroy(), this.elsewhere.destroy()]);
  }
}

class HttpMemory implements MemoryClient {
  constructor(private readonly service: MemoryService) {}

  async append(entry: ConversationEntry, signal: AbortSignal): Promise<void> {
    if (entry.again) return this.appendMissing(entry, signal);
    try {
      await this.post(entry, signal);
    } catch (error) {
      // The service may have kept it before it fell silent: look before saying it twice.
      if (!isPassing(error)) throw error;
      await this.appendMissing(entry, signal);
    }
  }

  async read(
    conversationId: string,
    { after, limit = DEFAULT_LIMIT }: { after?: number; limit?: number },
    signal: AbortSignal,
  ): Promise<MemoryPage> {
    return this.page({ conversation_id: conversationId }, Math.min(limit, MOST), after, signal);
  }

  async forget(queries: readonly { name: string; uid: string }[], signal: AbortSignal): Promise<void> {
    for (const { uid } of queries) {
      const path = `/queries/${encodeURIComponent(uid)}/messages`;
      // Services of 2025 cannot forget.
      await this.service.repeatable({ method: 'DELETE', path, allow: [404, 405], signal });
    }
  }

  private async appendMissing(entry: ConversationEntry, signal: AbortSignal): Promise<void> {
    const { conversationId, query, messages } = entry;
    let kept = 0;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const filter = { conversation_id: conversationId, query_id: query.uid };
      const page: MemoryPage = await this.page(filter, MOST, after, signal);
      kept += page.items.filter(({ queryId }) => queryId === query.uid).length;
      after = page.next;
    }
    if (kept < messages.length) await this.post({ ...entry, messages: messages.slice(kept) }, signal);
  }

  private async post({ conversationId, query, messages, ttlSeconds }: ConversationEntry, signal: AbortSignal) {
    const ids = { conversation_id: conversationId, query_id: query.uid };
    const ttl = ttlSeconds === undefined ? {} : { ttl_seconds: ttlSeconds };
    await this.service.once({ method: 'POST', path: '/messages', body: { ...ids, messages, ...ttl }, signal });
  }

  private async page(filter: Record<string, string>, limit: number, after: number | undefined, signal: AbortSignal) {
    const query = new URLSearchParams({ ...filter, limit: String(limit) });
    if (after) query.set('cursor', String(after));
    const page = (answer: unknown) => {
      const read = readPage(answer);
      if (read.next === undefined || read.next > (after ?? 0)) return read;
      throw new Error(`it pages in circles: nextCursor ${read.next} after cursor ${after ?? 0}`);
    };
    return this.service.repeatable({ method: 'GET', path: `/messages?${query}`, signal, read: page });
  }
}
