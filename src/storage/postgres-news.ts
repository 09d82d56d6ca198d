import type { Kysely } from 'kysely';
import type { Logger } from '../kit/index.js';
import type { News } from './news.js';
import { CHANNEL, NewsWire } from './news-wire.js';
import type { Tables } from './tables.js';

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;

/** News between the replicas of one PostgreSQL. */
export interface PostgresNews {
  /** Tells others of topics: with `rows` of a transaction, once that is written. */
  tell(topics: readonly string[], rows: Kysely<Tables>): Promise<void>;
  close(): Promise<void>;
}

/** Begins to listen in the background, over a connection of its own. */
export async function listenTo(url: string, rows: Kysely<Tables>, news: News, logger: Logger): Promise<PostgresNews> {
  const [{ default: pg }, { sql }] = await Promise.all([import('pg'), import('kysely')]);
  const notify = async (payloads: readonly string[], on: Kysely<Tables>) => {
    if (payloads.length === 0) return;
    const list = sql`json_array_elements_text(${JSON.stringify(payloads)})`;
    await sql`select pg_notify(${CHANNEL}, payload) from ${list} payload`.execute(on);
  };
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
  };
  const connect = () => new pg.Client(connection);
  const wire = new NewsWire({ connect, send: (payloads) => notify(payloads, rows), news, logger });
  void wire.open();
  return {
    tell: (topics, on) =>
      notify(
        topics.map((topic) => wire.payload(topic)),
        on,
      ),
    close: () => wire.close(),
  };
}
