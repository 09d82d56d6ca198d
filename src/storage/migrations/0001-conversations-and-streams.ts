import { sql } from 'kysely';
import type { Migration } from '../migration.js';

export const conversationsAndStreams: Migration = async ({ schema }, dialect) => {
  const sequence = dialect === 'postgres' ? sql`bigserial` : sql`integer`;
  await schema
    .createTable('messages')
    .addColumn('sequence', sequence, (column) =>
      // Without AUTOINCREMENT, SQLite would give the number of a deleted last row again, and cursors would lie.
      dialect === 'postgres' ? column.primaryKey() : column.primaryKey().autoIncrement(),
    )
    .addColumn('namespace', 'text', (column) => column.notNull())
    .addColumn('conversation_id', 'text', (column) => column.notNull())
    .addColumn('query_id', 'text', (column) => column.notNull())
    .addColumn('query_name', 'text')
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .execute();
  const index = (name: string) => schema.createIndex(name).on('messages');
  await index('messages_by_conversation').columns(['namespace', 'conversation_id', 'sequence']).execute();
  await index('messages_by_query').columns(['query_id']).execute();
  await index('messages_by_query_name').columns(['namespace', 'query_name']).execute();
  await index('messages_by_expiry').columns(['expires_at']).execute();
  await schema
    .createTable('streams')
    .addColumn('stream', 'text', (column) => column.primaryKey())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute();
  await schema
    .createTable('chunks')
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('id', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('chunks_key', ['stream', 'id'])
    .execute();
};
