import type { Selectable } from 'kysely';
import { GroupCommit } from './group-commit.js';
import type { Storage } from './storage.js';
import type { ApiKeysTable } from './tables.js';

/** A key to the HTTP doors, without its secret. Times in milliseconds since 1970. */
export interface ApiKey {
  publicKey: string;
  id: string;
  name: string;
  /** SHA-256 of the secret, in hex. */
  secretHash: string;
  /** e.g. `user@team-a`. */
  roles: string[];
  createdBy: string;
  createdAt: number;
  expiresAt?: number;
  lastUsedAt?: number;
  revokedAt?: number;
}

/** The keys that were given out. A revoked one stays, so that its name in logs can be explained. */
export class ApiKeys {
  private readonly commits: GroupCommit;

  constructor(private readonly storage: Storage) {
    this.commits = new GroupCommit(storage);
  }

  async find(publicKey: string): Promise<ApiKey | undefined> {
    const row = await this.storage.read((rows) =>
      rows.selectFrom('api_keys').selectAll().where('public_key', '=', publicKey).executeTakeFirst(),
    );
    return row && keyOf(row);
  }

  /** The oldest first. */
  async list(): Promise<ApiKey[]> {
    const rows = await this.storage.read((database) =>
      database.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('public_key').execute(),
    );
    return rows.map(keyOf);
  }

  add(key: ApiKey): Promise<void> {
    return this.commits.run(async (rows) => {
      await rows
        .insertInto('api_keys')
        .values({
          public_key: key.publicKey,
          id: key.id,
          name: key.name,
          secret_hash: key.secretHash,
          roles: JSON.stringify(key.roles),
          created_by: key.createdBy,
          created_at: key.createdAt,
          expires_at: key.expiresAt ?? null,
          last_used_at: null,
          revoked_at: null,
        })
        .execute();
    });
  }

  /** Whether there was such a key that still opened doors. */
  async revoke(publicKey: string): Promise<boolean> {
    let found = false;
    await this.commits.run(async (rows) => {
      const result = await rows
        .updateTable('api_keys')
        .set({ revoked_at: Date.now() })
        .where('public_key', '=', publicKey)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      found = result.numUpdatedRows > 0n;
    });
    return found;
  }

  used(times: readonly (readonly [publicKey: string, at: number])[]): Promise<void> {
    return this.commits.run(async (rows) => {
      for (const [publicKey, at] of times) {
        await rows.updateTable('api_keys').set({ last_used_at: at }).where('public_key', '=', publicKey).execute();
      }
    });
  }
}

function keyOf(row: Selectable<ApiKeysTable>): ApiKey {
  return {
    publicKey: row.public_key,
    id: row.id,
    name: row.name,
    secretHash: row.secret_hash,
    roles: JSON.parse(row.roles) as string[],
    createdBy: row.created_by,
    createdAt: Number(row.created_at),
    ...(row.expires_at === null ? {} : { expiresAt: Number(row.expires_at) }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: Number(row.last_used_at) }),
    ...(row.revoked_at === null ? {} : { revokedAt: Number(row.revoked_at) }),
  };
}
