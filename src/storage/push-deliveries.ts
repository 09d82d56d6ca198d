import type { Transaction } from 'kysely';
import { ArkError } from '../kit/index.js';
import { configOf, type PushConfig, type TaskKey } from './push-configs.js';
import type { Storage } from './storage.js';
import type { PushConfigsTable, Tables } from './tables.js';

/** A change of a task that is to be told to one receiver. */
export interface PushDelivery extends TaskKey {
  change: string;
  /** How often it was tried, this time included. */
  tries: number;
  config: PushConfig;
}

type Delivery = Pick<PushDelivery, 'namespace' | 'task' | 'change'> & { config: { id: string } };

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
      const taken: PushDelivery[] = [];
      for (const row of due) {
        const { namespace, task, change } = row;
        const config = this.opened(row);
        const tries = row.tries + (config ? 1 : 0);
        await this.at({ namespace, task, change, config: row }, rows)
          .set({ due_at: now + leaseMs, tries })
          .execute();
        if (config) taken.push({ namespace, task, change, tries, config });
      }
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

  /** What no key opens waits for its key, and holds up nobody else. */
  private opened(row: PushConfigsTable): PushConfig | undefined {
    try {
      return configOf(row, this.storage.seal);
    } catch (error) {
      if (error instanceof ArkError) return undefined;
      throw error;
    }
  }

  private at({ namespace, task, change, config }: Delivery, rows: Transaction<Tables>) {
    return rows
      .updateTable('push_deliveries')
      .where('namespace', '=', namespace)
      .where('task', '=', task)
      .where('config', '=', config.id)
      .where('change', '=', change);
  }
}
