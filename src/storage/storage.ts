import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Logger } from '../kit/index.js';
import type { Database } from './database.js';
import { databaseFailure } from './database-failure.js';
import { News } from './news.js';
import { Seal } from './seal.js';
import type { Tables } from './tables.js';

export interface StorageOptions {
  dataDir: string;
  /** `postgres://…`; absent: a SQLite file in the data folder. */
  databaseUrl?: string;
  /** Keys of its {@link Seal}. Default: none. */
  databaseKeys?: readonly string[];
}

/**
 * The database of one application. Opened by the first who asks, so that start-up stays quick; a failed opening is
 * tried again by the next.
 */
export class Storage {
  /** What was written, for those who wait for it. */
  readonly news = new News();
  /** For credentials of others. */
  readonly seal: Seal;
  private opened?: Promise<Database>;
  private readonly lastWork: (() => Promise<void>)[] = [];

  constructor(
    private readonly options: StorageOptions,
    private readonly logger: Logger,
  ) {
    this.seal = new Seal(options.databaseKeys);
  }

  /** Whether other processes write to the same database. */
  get shared(): boolean {
    return this.options.databaseUrl !== undefined;
  }

  /** Whether somebody has asked for the database already. */
  get isOpen(): boolean {
    return this.opened !== undefined;
  }

  /** @throws `Unavailable` naming the file or host */
  database(): Promise<Database> {
    this.opened ??= this.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  /** @throws `Unavailable` when the database cannot be opened or does not answer */
  async read<T>(work: (rows: Kysely<Tables>) => Promise<T>): Promise<T> {
    const { rows } = await this.database();
    try {
      return await work(rows);
    } catch (error) {
      throw databaseFailure(error);
    }
  }

  /** Tells the other processes of a shared database something, once it is open. Nobody may fail because nobody hears. */
  async tell(topic: string): Promise<void> {
    if (!this.shared) return;
    await this.database()
      .then((database) => database.tell([topic]))
      .catch(() => {});
  }

  /** Has something done right before the database closes: the last chance to write. */
  beforeClose(work: () => Promise<void>): void {
    this.lastWork.push(work);
  }

  /** For Nest's shutdown: after everybody who may still write has stopped. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.lastWork.map((work) => work()));
    const database = await this.opened?.catch(() => undefined);
    await database?.close();
  }

  private async open(): Promise<Database> {
    const { databaseUrl, dataDir } = this.options;
    if (databaseUrl) {
      const { openPostgres } = await import('./open-postgres.js');
      return openPostgres(databaseUrl, this.logger, this.news);
    }
    const { openSqlite } = await import('./open-sqlite.js');
    return openSqlite(join(dataDir, 'conversations.db'));
  }
}
