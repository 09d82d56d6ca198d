import { Injectable } from '@nestjs/common';
import type { Caller } from '../../machinery/http/caller.js';
import { Settings } from '../../machinery/settings/settings.js';
import { ApiKeys } from '../../storage/api-keys.js';
import { unauthenticated } from '../credential.js';
import { allows, parseGrant } from '../grants.js';
import { hashOf, type KeyText, sameSecret } from '../key-text.js';
import { KeyUse } from '../keys/key-use.js';

/** Compared with where a key is not known, so that both take the same time. */
const NOBODY = hashOf('');

/** Knows callers by their API keys. */
@Injectable()
export class ApiKeyCallers {
  constructor(
    private readonly keys: ApiKeys,
    private readonly use: KeyUse,
    private readonly settings: Settings,
  ) {}

  /** @throws 401 */
  async find({ publicKey, secret }: KeyText): Promise<Caller> {
    if (!this.settings.authMode.includes('token')) {
      throw unauthenticated('API keys are not accepted here: ARK_AUTH_MODE does not name token');
    }
    const key = await this.keys.find(publicKey);
    const right = sameSecret(hashOf(secret), key?.secretHash ?? NOBODY);
    if (!key || !right) throw unauthenticated('the API key is unknown or wrong');
    if (key.revokedAt !== undefined) throw unauthenticated(`the API key '${key.name}' was revoked`);
    if (key.expiresAt !== undefined && key.expiresAt <= Date.now()) {
      throw unauthenticated(`the API key '${key.name}' expired at ${new Date(key.expiresAt).toISOString()}`);
    }
    this.use.note(publicKey);
    const grants = key.roles.map(parseGrant);
    return { name: `key:${key.name}`, id: publicKey, may: (verb, namespace) => allows(grants, verb, namespace) };
  }
}
