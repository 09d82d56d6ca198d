import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { unavailable } from '../kit/index.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = /^sealed:1:([0-9a-f]{8}):([\w-]+)$/;
/** Before a text that nobody closed and that begins as if somebody had. */
const UNSEALED = 'unsealed:1:';
const LOOKS_SEALED = /^(un)?sealed:/;

/**
 * Closes texts that go into the database, and opens them again: AES-256-GCM under the first key, whichever of the keys
 * closed them. Without a key texts stay as they are, marked where they would look closed; texts that were written so
 * are read by everybody.
 */
export class Seal {
  private readonly keys: { id: string; bytes: Buffer }[];

  /** @param keys texts, each of enough random characters */
  constructor(keys: readonly string[] = []) {
    this.keys = keys.map((text) => {
      const bytes = createHash('sha256').update(text).digest();
      return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
    });
  }

  /** @param place where the text will stand; it cannot be opened elsewhere */
  close(text: string, place: string): string {
    const [key] = this.keys;
    if (!key || text === '') return LOOKS_SEALED.test(text) ? UNSEALED + text : text;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key.bytes, iv).setAAD(Buffer.from(place));
    const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `sealed:1:${key.id}:${Buffer.concat([iv, cipher.getAuthTag(), closed]).toString('base64url')}`;
  }

  /** @throws `Unavailable` when no key opens it, or somebody changed it */
  open(text: string, place: string): string {
    if (text.startsWith(UNSEALED)) return text.slice(UNSEALED.length);
    const [, id, body] = SEALED.exec(text) ?? [];
    if (id === undefined || body === undefined) return text;
    const key = this.keys.find((each) => each.id === id);
    if (!key) {
      throw unavailable(
        `the database holds a text that key ${id} closed, which is not in ARK_DATABASE_KEYS: add it there`,
      );
    }
    const bytes = Buffer.from(body, 'base64url');
    try {
      const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const opened = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    } catch (error) {
      throw unavailable(`a text that key ${id} closed was changed in the database`, { cause: error });
    }
  }

  /** Whether a text that stands in the database would be closed otherwise today. */
  isOld(text: string): boolean {
    const [key] = this.keys;
    return key !== undefined && text !== '' && SEALED.exec(text)?.[1] !== key.id;
  }
}
