import type { Transaction } from 'kysely';
import { ArkError } from '../kit/index.js';
import { databaseFailure } from './database-failure.js';
import type { Storage } from './storage.js';
import type { Tables } from './tables.js';

type Work = (rows: Transaction<Tables>) => Promise<void>;

interface Job {
  work: Work;
  topics: readonly string[];
  done(): void;
  failed(error: unknown): void;
}

/** More than this in one transaction would let readers of SQLite wait. */
const MOST_AT_ONCE = 200;

/**
 * Gathers small writes into transactions: while one commits, the next ones wait together. Each resolves when it is
 * durable, and fails alone.
 */
export class GroupCommit {
  private waiting: Job[] = [];
  private running = false;

  constructor(private readonly storage: Storage) {}

  /** @param topics told to the listeners of every process once it is written */
  run(work: Work, topics: readonly string[] = []): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ work, topics, done, failed });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    // Whoever writes in the same turn of the event loop shares the first commit.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) await this.commit(this.waiting.splice(0, MOST_AT_ONCE));
    this.running = false;
  }

  /** A transaction that fails says not who spoilt it: then each goes alone. */
  private async commit(jobs: Job[]): Promise<void> {
    try {
      const database = await this.storage.database();
      const topics = [...new Set(jobs.flatMap((job) => job.topics))];
      await database.write(async (rows) => {
        for (const { work } of jobs) await work(rows);
      }, topics);
      for (const topic of topics) this.storage.news.tell(topic);
      for (const { done } of jobs) done();
    } catch (error) {
      const failure = databaseFailure(error);
      // Nobody's own fault is everybody's: no use in trying each alone.
      const shared = jobs.length === 1 || failure instanceof ArkError;
      if (shared) for (const { failed } of jobs) failed(failure);
      else for (const job of jobs) await this.commit([job]);
    }
  }
}
