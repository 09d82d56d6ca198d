import type { Transaction } from 'kysely';
import { GroupCommit } from './group-commit.js';
import { Lookout } from './lookout.js';
import type { Storage } from './storage.js';
import type { Tables } from './tables.js';

/** What happened to one stream since the last save. */
export interface StreamNews {
  /** The uid of the Query. */
  stream: string;
  /** The stream begins anew: what is kept of it goes. */
  restarted: boolean;
  /** Rising ids; the body is JSON as readers get it. */
  chunks: { id: number; body: string }[];
  ended: boolean;
}

export interface StoredStream {
  ended: boolean;
  lastId: number;
}

/** SQLite takes at most 32 766 values in one statement. */
const ROWS_AT_ONCE = 2_000;

/** A stream that another process writes is looked at this often while no news of it arrive. */
const LOOK_MS = 300;
const WANTED = 'wanted';
const topicOf = (stream: string) => `stream:${stream}`;

/** The chunks of streams that somebody may want to read again. */
export class Chunks {
  private readonly commits: GroupCommit;

  constructor(private readonly storage: Storage) {
    this.commits = new GroupCommit(storage);
  }

  /** Whether other processes write here too. */
  get shared(): boolean {
    return this.storage.shared;
  }

  /** All of it or nothing. A chunk that is there already stays as it is. */
  save(news: readonly StreamNews[]): Promise<void> {
    return this.commits.run(
      async (rows) => {
        for (const one of news) await saveStream(rows, one);
      },
      news.map(({ stream }) => topicOf(stream)),
    );
  }

  /** Says when more of a stream may be there. */
  watch(stream: string, signal: AbortSignal): Lookout {
    return new Lookout(this.storage, topicOf(stream), signal, LOOK_MS);
  }

  /** Asks the process that writes a stream to keep it, so that it can be read here. */
  want(stream: string): Promise<void> {
    return this.storage.tell(`${WANTED}:${stream}`);
  }

  /** Opens a shared database in the background, so that this process hears what others want. */
  listen(): void {
    if (this.storage.shared && !this.storage.isOpen) this.storage.database().catch(() => {});
  }

  /** Calls back when another process wants a stream to be kept. */
  onWanted(heard: (stream: string) => void): void {
    this.storage.news.onKind(WANTED, heard);
  }

  async find(stream: string): Promise<StoredStream | undefined> {
    return this.storage.read(async (rows) => {
      const found = await rows.selectFrom('streams').select('ended_at').where('stream', '=', stream).executeTakeFirst();
      if (!found) return undefined;
      const query = rows.selectFrom('chunks').select(({ fn }) => fn.max('id').as('last'));
      const last = await query.where('stream', '=', stream).executeTakeFirst();
      return { ended: found.ended_at !== null, lastId: Number(last?.last ?? 0) };
    });
  }

  async page(stream: string, after: number, limit: number): Promise<{ id: number; body: string }[]> {
    return this.storage.read((rows) => {
      const query = rows.selectFrom('chunks').select(['id', 'body']).where('stream', '=', stream);
      return query.where('id', '>', after).orderBy('id').limit(limit).execute();
    });
  }

  async forget(streams: readonly string[]): Promise<void> {
    for (let from = 0; from < streams.length; from += ROWS_AT_ONCE) {
      const some = streams.slice(from, from + ROWS_AT_ONCE);
      await this.commits.run(async (rows) => {
        await rows.deleteFrom('chunks').where('stream', 'in', some).execute();
        await rows.deleteFrom('streams').where('stream', 'in', some).execute();
      });
    }
  }

  /** Removes streams that began before a moment. */
  async expire(before: Date): Promise<void> {
    await this.commits.run(async (rows) => {
      const old = rows.selectFrom('streams').select('stream').where('started_at', '<', before.getTime());
      await rows.deleteFrom('chunks').where('stream', 'in', old).execute();
      await rows.deleteFrom('streams').where('started_at', '<', before.getTime()).execute();
    });
  }
}

async function saveStream(rows: Transaction<Tables>, news: StreamNews): Promise<void> {
  const { stream, restarted, chunks, ended } = news;
  if (restarted) {
    await rows.deleteFrom('chunks').where('stream', '=', stream).execute();
    await rows.deleteFrom('streams').where('stream', '=', stream).execute();
  }
  const now = Date.now();
  await rows
    .insertInto('streams')
    .values({ stream, started_at: now, ended_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  for (let from = 0; from < chunks.length; from += ROWS_AT_ONCE) {
    const values = chunks.slice(from, from + ROWS_AT_ONCE).map((chunk) => ({ stream, ...chunk }));
    await rows
      .insertInto('chunks')
      .values(values)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  if (ended) await rows.updateTable('streams').set({ ended_at: now }).where('stream', '=', stream).execute();
}
