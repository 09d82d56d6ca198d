import type { Migration } from '../migration.js';

export const runJournals: Migration = async ({ schema }) => {
  await schema
    .createTable('run_journals')
    .addColumn('query_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_journals_key', ['query_id', 'key'])
    .execute();
};
