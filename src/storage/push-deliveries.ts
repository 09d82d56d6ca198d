import type { Transaction } from 'kysely';
import { configOf, type PushConfig, type TaskKey } from './push-configs.js';
import type { Storage } from './storage.js';
import type { Tables } from './tables.js';

/** A change of a task that is to be told to one receiver. */
export interface PushDelivery extends TaskKey {
  change: string;
  /** How often it was tried, this time included. */
  tries: number;
  config: PushConfig;
}

/** What is to be told to whom. Each change is told once, however many processes hear of it. */
export class PushDeliveries {
  constructor(private readonly storage: Storage) {}

  /** A change of a task is to be told to all its receivers, from now. What is known already stays as it is. */
  async add({ namespace, task }: TaskKey, change: string): Promise<void> {
    const database = await this.storage.database();
    await database.write(async (rows) => {
      const configs = await rows
        .selectFrom('push_configs')
        .select('id')
        .where('namespace', '=', namespace)
        .where('task', '=', task)
        .execute();
      if (configs.length === 0) return;
      const due = { tries: 0, due_at: Date.now() };
      await rows
        .insertInto('push_deliveries')
        .values(configs.map(({ id }) => ({ namespace, task, config: id, change, ...due })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }, []);
  }

  /** Takes what is due; nobody else does for `leaseMs`. */
  async take(most: number, leaseMs: number): Promise<PushDelivery[]> {
    const database = await this.storage.database();
    return database.write(async (rows) => {
      const now = Date.now();
      const due = await rows
        .selectFrom('push_deliveries as delivery')
        .innerJoin('push_configs as config', (join) =>
          join
            .onRef('config.namespace', '=', 'delivery.namespace')
            .onRef('config.task', '=', 'delivery.task')
            .onRef('config.id', '=', 'delivery.config'),
        )
        .selectAll('config')
        .select(['delivery.change', 'delivery.tries'])
        .where('delivery.due_at', '<=', now)
        .orderBy('delivery.due_at')
        .limit(most)
        .execute();
      const taken = due.map((row) => ({
        namespace: row.namespace,
        task: row.task,
        change: row.change,
        tries: row.tries + 1,
        config: configOf(row),
      }));
      for (const one of taken)
        await this.at(one, rows)
          .set({ due_at: now + leaseMs, tries: one.tries })
          .execute();
      return taken;
    }, []);
  }

  /** It was told, or is given up. */
  async finish(delivery: PushDelivery): Promise<void> {
    await this.postpone(delivery, null);
  }

  async postpone(delivery: PushDelivery, until: number | null): Promise<void> {
    const database = await this.storage.database();
    await database.write(async (rows) => {
      await this.at(delivery, rows).set({ due_at: until }).execute();
    }, []);
  }

  /** When something is due next; undefined when nothing is open. */
  async nextAt(): Promise<number | undefined> {
    const row = await this.storage.read((rows) =>
      rows
        .selectFrom('push_deliveries')
        .select('due_at')
        .where('due_at', 'is not', null)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst(),
    );
    return row?.due_at ?? undefined;
  }

  private at({ namespace, task, change, config }: PushDelivery, rows: Transaction<Tables>) {
    return rows
      .updateTable('push_deliveries')
      .where('namespace', '=', namespace)
      .where('task', '=', task)
      .where('config', '=', config.id)
      .where('change', '=', change);
  }
}
