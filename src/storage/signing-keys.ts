import type { Storage } from './storage.js';

export interface SigningKey {
  kid: string;
  /** JSON of the private key as a JWK. */
  privateJwk: string;
}

const placeOf = (kid: string): string => JSON.stringify(['signing_keys', kid]);

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
      const values = { kid, private_jwk: this.storage.seal.close(privateJwk, placeOf(kid)), created_at: Date.now() };
      await rows.insertInto('signing_keys').values(values).execute();
    }, []);
    return (await this.find()) ?? { kid, privateJwk };
  }

  private async find(): Promise<SigningKey | undefined> {
    const row = await this.storage.read((rows) => rows.selectFrom('signing_keys').selectAll().executeTakeFirst());
    if (!row) return undefined;
    const { kid } = row;
    const privateJwk = this.storage.seal.open(row.private_jwk, placeOf(kid));
    if (this.storage.seal.isOld(row.private_jwk)) await this.closeAnew({ kid, privateJwk });
    return { kid, privateJwk };
  }

  /** It lives longer than any key that closes it. */
  private async closeAnew({ kid, privateJwk }: SigningKey): Promise<void> {
    const database = await this.storage.database();
    const closed = this.storage.seal.close(privateJwk, placeOf(kid));
    await database.write(
      (rows) => rows.updateTable('signing_keys').set({ private_jwk: closed }).where('kid', '=', kid).execute(),
      [],
    );
  }
}
