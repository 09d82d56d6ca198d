import type { Kysely } from 'kysely';
import type { Database } from './database.js';
import type { Tables } from './tables.js';

/** One step of the schema. Runs once per database, inside a transaction and a lock. */
export type Migration = (rows: Kysely<Tables>, dialect: Database['dialect']) => Promise<void>;
