import type { CustomTypesConfig } from 'pg';
import { errorText, type Logger, unavailable } from '../kit/index.js';
import type { Database } from './database.js';
import type { News } from './news.js';
import { listenTo } from './postgres-news.js';
import type { Tables } from './tables.js';

const CONNECTIONS = 10;
const CONNECT_MS = 10_000;
const STATEMENT_MS = 30_000;
/** Any two numbers that nobody else in the database takes a lock by. */
const MIGRATIONS = 7_402_001;
const WRITES = 7_402_002;
/** PostgreSQL's type of 64-bit integers. */
const INT8 = 20;

/** The database on a PostgreSQL server, shared by all replicas. */
export async function openPostgres(url: string, logger: Logger, news: News): Promise<Database> {
  const [{ default: pg }, { Kysely, PostgresDialect, sql }, { migrate }] = await Promise.all([
    import('pg'),
    import('kysely'),
    import('./migrate.js'),
  ]);
  const types: CustomTypesConfig = {
    getTypeParser: (type: number, format?: 'text' | 'binary') =>
      type === INT8 ? Number : pg.types.getTypeParser(type, format as 'text'),
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    types,
  });
  // A server that restarts ends idle connections; the next query opens a new one.
  pool.on('error', (error) => logger.warn({ err: error }, 'A connection to the database was lost'));
  // The pool does not listen to a connection in use, and an error nobody listens to is thrown into the process: whoever
  // uses the connection has the same error from the query.
  pool.on('connect', (client) => client.on('error', () => {}));
  const rows = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const lock = (number: number) => sql`select pg_advisory_xact_lock(${sql.lit(number)})`;
  try {
    await rows.transaction().execute(async (transaction) => {
      await lock(MIGRATIONS).execute(transaction);
      await migrate(transaction, 'postgres');
    });
  } catch (error) {
    await rows.destroy();
    throw unavailable(`the database of DATABASE_URL (${hostOf(url)}) cannot be opened: ${errorText(error)}`, {
      cause: error,
    });
  }
  const others = await listenTo(url, rows, news, logger);
  return {
    dialect: 'postgres',
    rows,
    write: (work, topics = []) =>
      rows.transaction().execute(async (transaction) => {
        await lock(WRITES).execute(transaction);
        const done = await work(transaction);
        await others.tell(topics, transaction);
        return done;
      }),
    tell: (topics) => others.tell(topics, rows),
    close: async () => {
      await others.close();
      await rows.destroy();
    },
  };
}

/** Never the whole URL: it holds a password. */
const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : 'not a URL');
