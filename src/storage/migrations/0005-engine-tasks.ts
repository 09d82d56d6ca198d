import type { Migration } from '../migration.js';

export const engineTasks: Migration = async ({ schema }) => {
  await schema
    .createTable('engine_tasks')
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('ended', 'integer', (column) => column.notNull())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('engine_tasks_key', ['engine', 'id'])
    .execute();
  await schema.createIndex('engine_tasks_by_time').on('engine_tasks').columns(['changed_at']).execute();
};
