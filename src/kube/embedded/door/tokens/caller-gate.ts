import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller.js';
import type { ServiceAccountTokens } from './service-account-tokens.js';

/** Whoever holds the token of the data folder. */
const ADMINISTRATOR: Caller = { username: 'nest-ark-admin', groups: ['system:masters', 'system:authenticated'] };

/** Tells callers by their bearer tokens; the time it takes to know the administrator does not depend on the token. */
export class CallerGate {
  private readonly administrator: Buffer;

  constructor(
    token: string,
    private readonly accounts: Pick<ServiceAccountTokens, 'owner'>,
  ) {
    this.administrator = digest(token);
  }

  /** Undefined for a stranger. */
  async caller(authorization: string | undefined): Promise<Caller | undefined> {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    if (timingSafeEqual(digest(token), this.administrator)) return ADMINISTRATOR;
    return this.accounts.owner(token);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
