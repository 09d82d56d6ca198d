import type { Kysely } from 'kysely';
import type { Database } from './database.js';
import type { Migration } from './migration.js';
import { conversationsAndStreams } from './migrations/0001-conversations-and-streams.js';
import { runJournals } from './migrations/0002-run-journals.js';
import { pushNotifications } from './migrations/0003-push-notifications.js';
import { apiKeys } from './migrations/0004-api-keys.js';
import { engineTasks } from './migrations/0005-engine-tasks.js';
import type { Tables } from './tables.js';

/** In order. A migration that was released is never edited; the next one gets the next number. */
const MIGRATIONS: readonly [name: string, migration: Migration][] = [
  ['0001-conversations-and-streams', conversationsAndStreams],
  ['0002-run-journals', runJournals],
  ['0003-push-notifications', pushNotifications],
  ['0004-api-keys', apiKeys],
  ['0005-engine-tasks', engineTasks],
];

/** Runs what has not run yet. The caller holds the lock and the transaction. */
export async function migrate(rows: Kysely<Tables>, dialect: Database['dialect']): Promise<void> {
  await rows.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute();
  const done = new Set((await rows.selectFrom('schema_migrations').select('name').execute()).map(({ name }) => name));
  const newer = [...done].filter((name) => !MIGRATIONS.some(([known]) => known === name));
  if (newer.length > 0) throw new Error(`it was written by a newer version (${newer.join(', ')}); start that one`);
  for (const [name, migration] of MIGRATIONS) {
    if (done.has(name)) continue;
    await migration(rows, dialect);
    await rows.insertInto('schema_migrations').values({ name, applied_at: Date.now() }).execute();
  }
}
