import { ArkError, type Message, resourceType } from '../../kit/index.js';
import type { Informer } from '../../kube/cache/informer.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Query } from '../../resources/query/query.resource.js';
import { queryInput, renderedInput } from '../../resources/query/query-input.js';
import { ConversationHistory } from '../conversation-history.js';
import type { Objects } from '../objects.js';
import { fromChatMessage } from './chat-message.js';

const INDEX = 'runtime-conversation';

/**
 * Remembers conversations by the finished Queries that carry their id, for as long as those exist: what was asked, and
 * the messages in `status.response.raw`. Queries that failed are no part of a conversation.
 */
export class QueryHistory extends ConversationHistory {
  private indexed?: Informer<Query>;

  constructor(
    private readonly cache: ResourceCache,
    private readonly objects: Objects,
  ) {
    super();
  }

  async turns(asking: Query, conversationId: string): Promise<Message[]> {
    const { namespace, uid: exceptUid } = asking.metadata;
    const objects = await this.objects.seenBy(asking);
    const informer = this.queries();
    await informer.synced;
    const asked = informer
      .byIndex(INDEX, `${namespace}/${conversationId}`)
      .filter((query) => query.metadata.uid !== exceptUid && query.status?.phase === 'done')
      .sort((a, b) => startOf(a).localeCompare(startOf(b)) || a.metadata.name.localeCompare(b.metadata.name));
    const turns = await Promise.all(asked.map((query) => this.turnsOf(query, objects)));
    return turns.flat();
  }

  private queries(): Informer<Query> {
    if (!this.indexed) {
      this.indexed = this.cache.informer<Query>(resourceType(Query));
      this.indexed.addIndex(INDEX, (query) => {
        const id = query.status?.conversationId;
        return id ? [`${query.metadata.namespace}/${id}`] : [];
      });
    }
    return this.indexed;
  }

  private async turnsOf(query: Query, objects: Objects): Promise<Message[]> {
    const asked: Message = { role: 'user', content: await this.questionOf(query, objects) };
    return [asked, ...answersIn(query.status?.response?.raw)];
  }

  /** What a parameter referred to may be gone since; the conversation goes on without it. */
  private async questionOf(query: Query, objects: Objects): Promise<string> {
    try {
      return await renderedInput(query, objects);
    } catch (error) {
      if (error instanceof ArkError) return queryInput(query.spec);
      throw error;
    }
  }
}

/** Creation times have whole seconds; the claim is closer to when the turn began. */
const startOf = (query: Query) => query.status?.claim?.since ?? query.metadata.creationTimestamp ?? '';

/** What was said in answer; a system prompt belongs to the agent of then, not to the conversation. */
function answersIn(raw: string | undefined): Message[] {
  const messages = listIn(raw).map(fromChatMessage);
  return messages.filter((message): message is Message => message !== undefined && message.role !== 'system');
}

/** Foreign engines put any JSON there, and cut texts are no JSON at all. */
function listIn(raw: string | undefined): unknown[] {
  try {
    const value: unknown = JSON.parse(raw ?? '');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
