import type { Storage } from './storage.js';

export interface SigningKey {
  kid: string;
  /** JSON of the private key as a JWK. */
  privateJwk: string;
}

/** The key that all processes of one database sign with. */
export class SigningKeys {
  constructor(private readonly storage: Storage) {}

  /** The key; the first who asks makes it, and everybody gets the same. */
  async current(make: () => Promise<SigningKey>): Promise<SigningKey> {
    const found = await this.find();
    if (found) return found;
    const { kid, privateJwk } = await make();
    const database = await this.storage.database();
    await database.write(async (rows) => {
      const there = await rows.selectFrom('signing_keys').select('kid').executeTakeFirst();
      if (there) return;
      await rows.insertInto('signing_keys').values({ kid, private_jwk: privateJwk, created_at: Date.now() }).execute();
    }, []);
    return (await this.find()) ?? { kid, privateJwk };
  }

  private async find(): Promise<SigningKey | undefined> {
    const row = await this.storage.read((rows) => rows.selectFrom('signing_keys').selectAll().executeTakeFirst());
    return row && { kid: row.kid, privateJwk: row.private_jwk };
  }
}
