import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller.js';
import { API_AUDIENCE, type ReviewedToken, type ServiceAccountTokens } from './service-account-tokens.js';

/** Whoever holds the token of the data folder. */
export const ADMINISTRATOR: Caller = { username: 'nest-ark-admin', groups: ['system:masters', 'system:authenticated'] };

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
    return token === undefined ? undefined : (await this.holder(token, [API_AUDIENCE]))?.caller;
  }

  /** Whose token it is, and for which of the audiences it is good; undefined for a stranger's. */
  async holder(token: string, audiences: string[]): Promise<ReviewedToken | undefined> {
    if (timingSafeEqual(digest(token), this.administrator)) {
      // The token names no audience: it is for this server alone.
      return audiences.includes(API_AUDIENCE) ? { caller: ADMINISTRATOR, audiences: [API_AUDIENCE] } : undefined;
    }
    return this.accounts.owner(token, audiences);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
