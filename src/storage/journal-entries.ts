import { GroupCommit } from './group-commit.js';
import type { Storage } from './storage.js';

/** SQLite takes at most 32 766 values in one statement. */
const ROWS_AT_ONCE = 2_000;

/** What paused runs had done by then, so that going on does nothing twice. Values are JSON. */
export class JournalEntries {
  private readonly commits: GroupCommit;

  constructor(private readonly storage: Storage) {
    this.commits = new GroupCommit(storage);
  }

  async load(query: string): Promise<Map<string, string>> {
    const rows = await this.storage.read((database) =>
      database.selectFrom('run_journals').select(['key', 'value']).where('query_id', '=', query).execute(),
    );
    return new Map(rows.map(({ key, value }) => [key, value]));
  }

  /** All of it or nothing; durable when it resolves. A key that is there gets the new value. */
  save(query: string, entries: readonly (readonly [key: string, value: string])[]): Promise<void> {
    return this.commits.run(async (rows) => {
      for (let from = 0; from < entries.length; from += ROWS_AT_ONCE) {
        const values = entries
          .slice(from, from + ROWS_AT_ONCE)
          .map(([key, value]) => ({ query_id: query, key, value }));
        await rows
          .insertInto('run_journals')
          .values(values)
          .onConflict((conflict) =>
            conflict.columns(['query_id', 'key']).doUpdateSet(({ ref }) => ({ value: ref('excluded.value') })),
          )
          .execute();
      }
    });
  }

  /** The uids of Queries with entries. */
  async queries(): Promise<string[]> {
    const rows = await this.storage.read((database) =>
      database.selectFrom('run_journals').select('query_id').distinct().execute(),
    );
    return rows.map(({ query_id }) => query_id);
  }

  async forget(queries: readonly string[]): Promise<void> {
    for (let from = 0; from < queries.length; from += ROWS_AT_ONCE) {
      const some = queries.slice(from, from + ROWS_AT_ONCE);
      await this.commits.run(async (rows) => {
        await rows.deleteFrom('run_journals').where('query_id', 'in', some).execute();
      });
    }
  }
}
