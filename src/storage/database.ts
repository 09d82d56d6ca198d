import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.js';

/** The open database. */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  /** For reads. */
  readonly rows: Kysely<Tables>;
  /**
   * One transaction, alone: writers of all processes wait for each other, so that what has a higher sequence number
   * also appears later. Durable when it resolves; other processes then hear of the topics.
   */
  write<T>(work: (rows: Transaction<Tables>) => Promise<T>, topics?: readonly string[]): Promise<T>;
  /** Tells other processes of the same database something; nobody, where there is none. */
  tell(topics: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
