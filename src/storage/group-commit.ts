import type { Transaction } from 'kysely';
import { ArkError } from '../kit/index.js';
import { databaseFailure } from './database-failure.js';
import type { Storage } from './storage.js';
import type { Tables } from './tables.js';

type Work = (rows: Transaction<Tables>) => Promise<void>;
/** Work that is done at once for many. */
type Joint<T> = (rows: Transaction<Tables>, brought: T[]) => Promise<void>;

interface Job {
  work: Joint<unknown>;
  brought?: unknown;
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
    // A function of its own: the same work may be asked for twice.
    return this.together((rows) => work(rows), undefined, topics);
  }

  /** As {@link run}; jobs in a row that bring something to the same work are one call of it. */
  together<T>(work: Joint<T>, brought: T, topics: readonly string[] = []): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ work: work as Joint<unknown>, brought, topics, done, failed });
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
        for (const { work, brought } of joined(jobs)) await work(rows, brought);
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

function joined(jobs: Job[]): { work: Joint<unknown>; brought: unknown[] }[] {
  const calls: { work: Joint<unknown>; brought: unknown[] }[] = [];
  for (const { work, brought } of jobs) {
    const last = calls.at(-1);
    if (last?.work === work) last.brought.push(brought);
    else calls.push({ work, brought: [brought] });
  }
  return calls;
}
