import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { errorText, unavailable } from '../kit/index.js';
import type { Database } from './database.js';
import { FlushedLog } from './flushed-log.js';
import type { Tables } from './tables.js';

/** How long another process may hold the file: a backup, or somebody who looks into it. */
const BUSY_MS = 10_000;
/** SQLite itself waits so long and no longer, because the whole process waits with it. */
const BUSY_AT_ONCE_MS = 5;
const TRY_EVERY_MS = 20;
const BUSY = [5, 6];

/** The database in one file, for one replica. A commit is on disk when it is answered. */
export async function openSqlite(file: string): Promise<Database> {
  const [sqlite, { Kysely, SqliteDialect, sql }, { SqliteDriver }, { migrate }] = await Promise.all([
    import('node:sqlite'),
    import('kysely'),
    import('./sqlite-driver.js'),
    import('./migrate.js'),
  ]);
  let database: DatabaseSync | undefined;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await makePrivate(file);
    const opened = new sqlite.DatabaseSync(file, { timeout: BUSY_AT_ONCE_MS });
    database = opened;
    await whenFree(async () => opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;'));
    const rows = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new SqliteDriver(opened) }) });
    await rows.connection().execute(async (connection) => {
      await whenFree(() => sql`begin immediate`.execute(connection));
      try {
        await migrate(connection, 'sqlite');
        await sql`commit`.execute(connection);
      } catch (error) {
        await sql`rollback`.execute(connection);
        throw error;
      }
    });
    const log = await FlushedLog.of(file);
    return {
      dialect: 'sqlite',
      rows,
      write: async (work) => {
        // What a busy file refuses is rolled back as a whole.
        const result = await whenFree(() => rows.transaction().execute(work));
        await log.flush();
        return result;
      },
      tell: async () => {},
      close: async () => {
        await log.close();
        await rows.destroy();
      },
    };
  } catch (error) {
    // Half opened, it would keep the file, and its lock, for as long as the process lives.
    if (database?.isOpen) database.close();
    throw unavailable(`the database ${file} cannot be opened: ${errorText(error)}`, { cause: error });
  }
}

/** Tries again while another process holds the file; other work of this process goes on between the tries. */
async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isBusy = BUSY.includes(Number((error as { errcode?: unknown }).errcode) & 0xff);
      if (!isBusy || performance.now() - since > BUSY_MS) throw error;
    }
    await pause(TRY_EVERY_MS);
  }
}

/** Conversations are nobody else's to read. SQLite makes its journal files with the permissions of the database. */
async function makePrivate(file: string): Promise<void> {
  await (await open(file, 'a', 0o600)).close();
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    await chmod(each, 0o600).catch((error: NodeJS.ErrnoException) => {
      // Absent, or given to us by somebody who decides about it.
      if (error.code !== 'ENOENT' && error.code !== 'EPERM') throw error;
    });
  }
}
