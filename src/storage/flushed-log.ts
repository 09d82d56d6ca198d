import { open } from 'node:fs/promises';
import { errorText, unavailable } from '../kit/index.js';

interface LogFile {
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * SQLite's write-ahead log, brought to the disk on a thread of the pool. SQLite's own `synchronous=FULL` would block
 * the event loop once per commit; with NORMAL a commit only appends to the log, and is durable after a flush of it.
 */
export class FlushedLog {
  private broken?: Error;

  constructor(private readonly file: LogFile) {}

  /** To be called when the log is there, which it is after the first transaction, as long as the database is open. */
  static async of(database: string): Promise<FlushedLog> {
    return new FlushedLog(await open(`${database}-wal`, 'r+'));
  }

  /** @throws `Unavailable` from the first failed flush on: nobody can say what is on the disk before a restart */
  async flush(): Promise<void> {
    if (this.broken) throw this.broken;
    try {
      await this.file.datasync();
    } catch (error) {
      const reason = `the database of conversations cannot be flushed to the disk: ${errorText(error)}`;
      this.broken = unavailable(`${reason}; restart the process when that is mended`, { cause: error });
      throw this.broken;
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
