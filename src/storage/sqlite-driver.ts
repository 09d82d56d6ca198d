import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

type Value = null | number | bigint | string | Uint8Array;

const MOST_STATEMENTS = 200;

function bindable(value: unknown): Value {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? Number(value) : (value as Value);
}

class Prepared implements SqliteStatement {
  readonly reader: boolean;

  constructor(private readonly statement: StatementSync) {
    this.reader = statement.columns().length > 0;
  }

  all(values: readonly unknown[]): unknown[] {
    return this.statement.all(...values.map(bindable));
  }

  run(values: readonly unknown[]) {
    return this.statement.run(...values.map(bindable));
  }

  iterate(values: readonly unknown[]): IterableIterator<unknown> {
    return this.statement.iterate(...values.map(bindable)) as IterableIterator<unknown>;
  }
}

/** `node:sqlite` in the shape that kysely's SQLite dialect expects. Statements are prepared once. */
export class SqliteDriver implements SqliteDatabase {
  private readonly prepared = new Map<string, Prepared>();

  constructor(private readonly database: DatabaseSync) {}

  prepare(sql: string): SqliteStatement {
    const known = this.prepared.get(sql);
    if (known) return known;
    const made = new Prepared(this.database.prepare(sql));
    if (this.prepared.size < MOST_STATEMENTS) this.prepared.set(sql, made);
    return made;
  }

  close(): void {
    this.prepared.clear();
    this.database.close();
  }
}
