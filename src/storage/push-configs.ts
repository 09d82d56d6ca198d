import type { Transaction } from 'kysely';
import { invalid } from '../kit/index.js';
import { databaseFailure } from './database-failure.js';
import type { Seal } from './seal.js';
import type { Storage } from './storage.js';
import type { PushConfigsTable, Tables } from './tables.js';

/** A task of the gateway: a Query by its name. */
export interface TaskKey {
  namespace: string;
  task: string;
}

/** Where the changes of a task are told. Texts are empty when the client gave none. */
export interface PushConfig {
  id: string;
  url: string;
  token: string;
  scheme: string;
  credentials: string;
  /** The version of the protocol in which the client spoke, `0.3` or `1.0`. */
  protocol: string;
}

/** More receivers of one task are a mistake, or an attack on them. */
const MOST_PER_TASK = 20;
/** SQLite takes at most 32 766 values in one statement. */
const TASKS_AT_ONCE = 2_000;

/** Who wants to be told of the changes of which task. */
export class PushConfigs {
  constructor(private readonly storage: Storage) {}

  /** One of the same id is replaced. @throws `Invalid` when the task has too many */
  async save({ namespace, task }: TaskKey, config: PushConfig): Promise<void> {
    const { id, url, scheme, protocol } = config;
    const { seal } = this.storage;
    const place = placeOf({ namespace, task, id });
    const token = seal.close(config.token, place);
    const values = {
      url,
      token,
      auth_scheme: scheme,
      auth_credentials: seal.close(config.credentials, place),
      protocol,
    };
    await this.write(async (rows) => {
      const others = await rows
        .selectFrom('push_configs')
        .select('id')
        .where('namespace', '=', namespace)
        .where('task', '=', task)
        .where('id', '!=', id)
        .execute();
      if (others.length >= MOST_PER_TASK) {
        throw invalid(`task '${task}' has ${MOST_PER_TASK} push notification configs: delete one first`);
      }
      await rows
        .insertInto('push_configs')
        .values({ namespace, task, id, created_at: Date.now(), ...values })
        .onConflict((conflict) => conflict.columns(['namespace', 'task', 'id']).doUpdateSet(values))
        .execute();
    });
  }

  /** In the order of their ids. */
  async load({ namespace, task }: TaskKey): Promise<PushConfig[]> {
    const found = await this.storage.read((rows) =>
      rows
        .selectFrom('push_configs')
        .selectAll()
        .where('namespace', '=', namespace)
        .where('task', '=', task)
        .orderBy('id')
        .execute(),
    );
    return found.map((row) => configOf(row, this.storage.seal));
  }

  /** Without what was to be told to it; absent ones are no error. */
  async remove({ namespace, task }: TaskKey, id: string): Promise<void> {
    await this.write(async (rows) => {
      for (const [table, column] of [['push_configs', 'id'] as const, ['push_deliveries', 'config'] as const]) {
        await rows
          .deleteFrom(table)
          .where('namespace', '=', namespace)
          .where('task', '=', task)
          .where(column as never, '=', id as never)
          .execute();
      }
    });
  }

  /** Tasks with configs that were made before a moment. */
  async tasks(before: Date): Promise<TaskKey[]> {
    return this.storage.read((rows) =>
      rows
        .selectFrom('push_configs')
        .select(['namespace', 'task'])
        .distinct()
        .where('created_at', '<', before.getTime())
        .execute(),
    );
  }

  /** Everything about tasks that are gone. */
  async forget(tasks: readonly TaskKey[]): Promise<void> {
    for (let from = 0; from < tasks.length; from += TASKS_AT_ONCE) {
      // Names of tasks are unique over all namespaces: they end with a UUID.
      const names = tasks.slice(from, from + TASKS_AT_ONCE).map(({ task }) => task);
      await this.write(async (rows) => {
        await rows.deleteFrom('push_configs').where('task', 'in', names).execute();
        await rows.deleteFrom('push_deliveries').where('task', 'in', names).execute();
      });
    }
  }

  private async write(work: (rows: Transaction<Tables>) => Promise<void>): Promise<void> {
    const database = await this.storage.database();
    try {
      await database.write(work, []);
    } catch (error) {
      throw databaseFailure(error);
    }
  }
}

const placeOf = ({ namespace, task, id }: Pick<PushConfigsTable, 'namespace' | 'task' | 'id'>): string =>
  JSON.stringify(['push_configs', namespace, task, id]);

/** @throws `Unavailable` when no key opens its credentials */
export const configOf = (row: PushConfigsTable, seal: Seal): PushConfig => ({
  id: row.id,
  url: row.url,
  token: seal.open(row.token, placeOf(row)),
  scheme: row.auth_scheme,
  credentials: seal.open(row.auth_credentials, placeOf(row)),
  protocol: row.protocol,
});
