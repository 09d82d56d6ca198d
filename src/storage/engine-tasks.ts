import { GroupCommit } from './group-commit.js';
import type { Storage } from './storage.js';

/** A task of an engine. */
export interface EngineTaskKey {
  engine: string;
  id: string;
}

export interface EngineTaskRow extends EngineTaskKey {
  /** The process that works on it. */
  owner: string;
  /** Nothing changes it any more. */
  ended: boolean;
  /** JSON. */
  task: string;
}

/** What nobody has changed for a day is forgotten. */
const KEEP_MS = 86_400_000;
/** As many as one process remembers. */
const MOST_LISTED = 2_000;
/** Among how many writes one also sweeps. */
const SWEEP_EVERY = 500;

/** Tasks of engines, for the replicas that did not work on them. */
export class EngineTasks {
  private readonly commits: GroupCommit;
  private writes = 0;

  constructor(private readonly storage: Storage) {
    this.commits = new GroupCommit(storage);
  }

  /** What has ended stays as it is: whoever is later does not change it. */
  save({ engine, id, owner, ended, task }: EngineTaskRow): Promise<void> {
    const values = { owner, ended: ended ? 1 : 0, task, changed_at: Date.now() };
    const sweeps = this.writes++ % SWEEP_EVERY === 0;
    return this.commits.run(
      async (rows) => {
        await rows
          .insertInto('engine_tasks')
          .values({ engine, id, ...values })
          .onConflict((conflict) =>
            conflict.columns(['engine', 'id']).doUpdateSet(values).where('engine_tasks.ended', '=', 0),
          )
          .execute();
        if (sweeps) {
          await rows
            .deleteFrom('engine_tasks')
            .where('changed_at', '<', values.changed_at - KEEP_MS)
            .execute();
        }
      },
      [topicOf({ engine, id })],
    );
  }

  async load({ engine, id }: EngineTaskKey): Promise<EngineTaskRow | undefined> {
    const [row] = await this.storage.read((rows) =>
      rows.selectFrom('engine_tasks').selectAll().where('engine', '=', engine).where('id', '=', id).execute(),
    );
    return row && { ...row, ended: row.ended === 1 };
  }

  /** The last changed first. */
  async list(engine: string): Promise<EngineTaskRow[]> {
    const found = await this.storage.read((rows) =>
      rows
        .selectFrom('engine_tasks')
        .selectAll()
        .where('engine', '=', engine)
        .orderBy('changed_at', 'desc')
        .limit(MOST_LISTED)
        .execute(),
    );
    return found.map((row) => ({ ...row, ended: row.ended === 1 }));
  }
}

/** What is told to every process when a task has changed its state. */
export const topicOf = ({ engine, id }: EngineTaskKey): string => `engine-task:${engine}/${id}`;
