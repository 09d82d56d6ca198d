import type { Migration } from '../migration.js';

export const pushNotifications: Migration = async ({ schema }) => {
  await schema
    .createTable('push_configs')
    .addColumn('namespace', 'text', (column) => column.notNull())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('token', 'text', (column) => column.notNull())
    .addColumn('auth_scheme', 'text', (column) => column.notNull())
    .addColumn('auth_credentials', 'text', (column) => column.notNull())
    .addColumn('protocol', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('push_configs_key', ['namespace', 'task', 'id'])
    .execute();
  await schema
    .createTable('push_deliveries')
    .addColumn('namespace', 'text', (column) => column.notNull())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('config', 'text', (column) => column.notNull())
    .addColumn('change', 'text', (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .addPrimaryKeyConstraint('push_deliveries_key', ['namespace', 'task', 'config', 'change'])
    .execute();
  await schema.createIndex('push_deliveries_by_time').on('push_deliveries').columns(['due_at']).execute();
  await schema
    .createTable('signing_keys')
    .addColumn('kid', 'text', (column) => column.primaryKey())
    .addColumn('private_jwk', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
};
