import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { conflict } from '../../../kit/errors/ark-error.js';
import type { Change } from './change.js';

export interface StoredRow {
  resource: string;
  key: string;
  version: number;
  json: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS objects (
    resource TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (resource, key));
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
`;

/**
 * The objects on disk. One process per folder; what `write` resolved for survives a crash and a power cut.
 *
 * SQLite's own `synchronous=FULL` would block the event loop for one fsync per commit. So the commit itself runs with
 * NORMAL (it appends to the write-ahead log), and the log is flushed by this class on a thread of the pool before
 * `write` resolves: the same order of events, without the block. Nothing is shown to anybody before that flush.
 */
export class Database {
  private readonly upsert: StatementSync;
  private readonly remove: StatementSync;
  private readonly count: StatementSync;
  private log?: FileHandle;
  private broken?: unknown;

  private constructor(
    private readonly sqlite: DatabaseSync,
    /** Absent for a database in memory. */
    private readonly folder?: string,
  ) {
    this.upsert = sqlite.prepare(
      'INSERT INTO objects VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, json = excluded.json',
    );
    this.remove = sqlite.prepare('DELETE FROM objects WHERE resource = ? AND key = ?');
    this.count = sqlite.prepare(
      "INSERT INTO counters VALUES ('version', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
  }

  /** `:memory:` keeps nothing. Throws Conflict when another process has the folder. */
  static async open(dataDir: string): Promise<Database> {
    if (dataDir === ':memory:') {
      const sqlite = new DatabaseSync(':memory:');
      sqlite.exec(SCHEMA);
      return new Database(sqlite);
    }
    // Secrets are in here.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const path = join(dataDir, 'objects.db');
    writeFileSync(path, '', { flag: 'a', mode: 0o600 });
    const database = new Database(lockedDatabase(path, dataDir), dataDir);
    writeFileSync(join(dataDir, 'objects.pid'), `${process.pid}\n`);
    database.log = await open(`${path}-wal`, 'r+');
    return database;
  }

  /** The last version given out. */
  version(): number {
    const row = this.sqlite.prepare("SELECT value FROM counters WHERE name = 'version'").get();
    return (row?.value as number | undefined) ?? 0;
  }

  rows(): Iterable<StoredRow> {
    return this.sqlite.prepare('SELECT resource, key, version, json FROM objects').iterate() as Iterable<
      Record<string, unknown>
    > as Iterable<StoredRow>;
  }

  /** All or nothing. Resolves when the changes are on the disk. */
  async write(changes: readonly Change[]): Promise<void> {
    if (this.broken) throw this.broken;
    this.sqlite.exec('BEGIN IMMEDIATE');
    try {
      for (const change of latest(changes)) {
        if (change.current) this.upsert.run(change.resource, change.key, change.version, change.current.json);
        else this.remove.run(change.resource, change.key);
      }
      this.count.run(changes.at(-1)!.version);
      this.sqlite.exec('COMMIT');
    } catch (error) {
      if (this.sqlite.isTransaction) this.sqlite.exec('ROLLBACK');
      throw error;
    }
    try {
      await this.log?.datasync();
    } catch (error) {
      // After a failed flush nobody can say what is on the disk; only a restart can find out.
      this.broken = error;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.log?.close();
    this.sqlite.close();
    if (this.folder) rmSync(join(this.folder, 'objects.pid'), { force: true });
  }
}

function lockedDatabase(path: string, folder: string): DatabaseSync {
  const sqlite = new DatabaseSync(path);
  try {
    sqlite.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    sqlite.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
    return sqlite;
  } catch (error) {
    sqlite.close();
    if (!/locked|busy/i.test(String(error))) throw error;
    throw conflict(
      `the data folder ${folder} is in use by process ${holder(folder)}; stop it or choose another folder`,
      { reason: 'DataFolderInUse' },
    );
  }
}

function holder(folder: string): string {
  try {
    return readFileSync(join(folder, 'objects.pid'), 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Only the last change of each object needs to reach the disk. */
function latest(changes: readonly Change[]): Iterable<Change> {
  if (changes.length === 1) return changes;
  const last = new Map<string, Change>();
  for (const change of changes) last.set(`${change.resource} ${change.key}`, change);
  return last.values();
}
