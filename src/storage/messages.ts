import type { ExpressionBuilder, Insertable, Kysely, Transaction } from 'kysely';
import { GroupCommit } from './group-commit.js';
import { Lookout } from './lookout.js';
import type { Storage } from './storage.js';
import type { MessagesTable, Tables } from './tables.js';

type MessageRow = Insertable<MessagesTable>;

/** A message on its way into the table. */
export interface NewMessages {
  namespace: string;
  conversationId: string;
  queryId: string;
  /** Present when the rows belong to a Query of this cluster and go with it. */
  queryName?: string;
  /** JSON of one chat message each. */
  messages: string[];
  /** Count what is there under the same conversation and queryId off the front. */
  again?: boolean;
  ttlSeconds?: number;
}

/** One kept message. */
export interface StoredMessage {
  sequence: number;
  conversationId: string;
  queryId: string;
  queryName: string | null;
  message: string;
  createdAt: number;
}

export interface MessageFilter {
  namespace: string;
  conversationId?: string;
  /** The id it was written under, or the name of the Query. */
  query?: string;
}

/** SQLite takes at most 32 766 values in one statement. */
const UIDS_AT_ONCE = 5_000;
/** Rows of one statement: many, because each statement costs, and of few lengths, because each length is prepared. */
const BLOCKS = [64, 8, 1];

/** What other processes wrote is looked for this often while no news of it arrive. */
const LOOK_MS = 1_000;
const topicOf = (namespace: string) => `messages:${namespace}`;

type Where = ExpressionBuilder<Tables, 'messages'>;

/** The messages of conversations. What is over its time is never seen, and removed by `expire`. */
export class Messages {
  private readonly commits: GroupCommit;

  constructor(private readonly storage: Storage) {
    this.commits = new GroupCommit(storage);
  }

  /** Whether the database is a server that other processes use, too. */
  get shared(): boolean {
    return this.storage.shared;
  }

  /** Opens the database in the background, so that the first who needs it waits less. */
  prepare(): void {
    if (this.storage.isOpen) return;
    // Whoever needs it hears what is wrong.
    this.storage.database().catch(() => {});
  }

  async append(entry: NewMessages): Promise<void> {
    const topics = [topicOf(entry.namespace)];
    if (entry.again) await this.commits.run((rows) => insertRest(rows, entry), topics);
    else await this.commits.together(insertAll, rowsOf(entry, entry.messages), topics);
  }

  /** Says when a namespace may hold more messages. */
  watch(namespace: string, signal: AbortSignal): Lookout {
    return new Lookout(this.storage, topicOf(namespace), signal, LOOK_MS);
  }

  /** Oldest first, after a sequence number. */
  async page(filter: MessageFilter, after: number, limit: number): Promise<StoredMessage[]> {
    return this.storage.read((rows) =>
      rows
        .selectFrom('messages')
        .select(['sequence', 'message'])
        .select(['conversation_id as conversationId', 'query_id as queryId', 'query_name as queryName'])
        .select('created_at as createdAt')
        .where((where) => matches(where, filter))
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    );
  }

  async count(filter: MessageFilter): Promise<number> {
    return this.storage.read((rows) => countIn(rows, filter));
  }

  /** The highest sequence number given so far in a namespace, 0 when there is none. */
  async last(namespace: string): Promise<number> {
    const found = await this.storage.read((rows) => {
      const query = rows.selectFrom('messages').select(({ fn }) => fn.max('sequence').as('last'));
      return query.where('namespace', '=', namespace).executeTakeFirst();
    });
    return Number(found?.last ?? 0);
  }

  /** Every conversation with what it holds, by its id. */
  async conversations(namespace: string): Promise<{ id: string; messages: number; queries: number }[]> {
    const found = await this.storage.read((rows) =>
      rows
        .selectFrom('messages')
        .select(({ fn }) => [
          'conversation_id as id',
          fn.countAll<number>().as('messages'),
          fn.count<number>('query_id').distinct().as('queries'),
        ])
        .where((where) => matches(where, { namespace }))
        .groupBy('conversation_id')
        .orderBy('conversation_id')
        .execute(),
    );
    return found.map(({ id, messages, queries }) => ({ id, messages: Number(messages), queries: Number(queries) }));
  }

  /** Removes everything that matches. */
  async remove(filter: MessageFilter): Promise<void> {
    await this.commits.run(async (rows) => {
      await rows
        .deleteFrom('messages')
        .where((where) => matches(where, filter, true))
        .execute();
    });
  }

  /** Removes what Queries of the cluster added, by their uids. */
  async forget(uids: readonly string[]): Promise<void> {
    for (let from = 0; from < uids.length; from += UIDS_AT_ONCE) {
      const some = uids.slice(from, from + UIDS_AT_ONCE);
      await this.commits.run(async (rows) => {
        await rows.deleteFrom('messages').where('query_name', 'is not', null).where('query_id', 'in', some).execute();
      });
    }
  }

  /** The uids of Queries that added something before a moment. */
  async queryIds(before: Date): Promise<string[]> {
    const found = await this.storage.read((rows) => {
      const query = rows.selectFrom('messages').select('query_id').distinct().where('query_name', 'is not', null);
      return query.where('created_at', '<', before.getTime()).execute();
    });
    return found.map((row) => row.query_id);
  }

  /** Removes what is over its time. */
  async expire(): Promise<void> {
    await this.commits.run(async (rows) => {
      await rows.deleteFrom('messages').where('expires_at', '<=', Date.now()).execute();
    });
  }
}

/** What an earlier try has not written. */
async function insertRest(rows: Transaction<Tables>, entry: NewMessages): Promise<void> {
  const { namespace, conversationId, queryId, messages } = entry;
  const kept = await countIn(rows, { namespace, conversationId, query: queryId });
  await insertAll(rows, [rowsOf(entry, messages.slice(kept))]);
}

async function insertAll(rows: Transaction<Tables>, added: MessageRow[][]): Promise<void> {
  const all = added.flat();
  let from = 0;
  for (const size of BLOCKS) {
    for (; all.length - from >= size; from += size) {
      await rows
        .insertInto('messages')
        .values(all.slice(from, from + size))
        .execute();
    }
  }
}

function rowsOf(entry: NewMessages, messages: string[]): MessageRow[] {
  const { namespace, conversationId, queryId, ttlSeconds } = entry;
  const now = Date.now();
  const shared = {
    namespace,
    conversation_id: conversationId,
    query_id: queryId,
    query_name: entry.queryName ?? null,
    created_at: now,
    expires_at: ttlSeconds === undefined ? null : now + ttlSeconds * 1000,
  };
  return messages.map((message) => ({ ...shared, message }));
}

async function countIn(rows: Kysely<Tables>, filter: MessageFilter): Promise<number> {
  const query = rows.selectFrom('messages').select(({ fn }) => fn.countAll<number>().as('count'));
  return Number((await query.where((where) => matches(where, filter)).executeTakeFirst())?.count ?? 0);
}

function matches(where: Where, { namespace, conversationId, query }: MessageFilter, expired = false) {
  return where.and([
    where('namespace', '=', namespace),
    ...(conversationId === undefined ? [] : [where('conversation_id', '=', conversationId)]),
    ...(query === undefined ? [] : [where.or([where('query_id', '=', query), where('query_name', '=', query)])]),
    ...(expired ? [] : [where.or([where('expires_at', 'is', null), where('expires_at', '>', Date.now())])]),
  ]);
}
