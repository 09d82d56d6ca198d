import { createHash } from 'node:crypto';
import { HttpException, Injectable } from '@nestjs/common';
import type { Caller } from '../machinery/http/caller.js';
import { ApiKeyCallers } from './callers/api-key-callers.js';
import { TokenCallers } from './callers/token-callers.js';
import { type Credential, readCredential, UnknownSigner } from './credential.js';
import { FailureLimit } from './limits/failure-limit.js';
import { FewAtOnce } from './limits/few-at-once.js';
import { TooMany } from './limits/too-many.js';
import { RecentAnswers } from './recent-answers.js';

/** How long an answer holds, and with it how long a revoked key still opens the doors of other replicas. */
const KEEP_MS = 5_000;

/** Credentials from addresses that were wrong too often are looked up so many at once: right ones among them must pass. */
const SUSPECTS = { most: 4, mostWaiting: 200 };

/**
 * Finds out who sends a request. Whoever is right is let in, however often others of the same address were wrong: behind one
 * address may be a proxy, or an office.
 */
@Injectable()
export class Authentication {
  private readonly limit = new FailureLimit();
  private readonly suspects = new FewAtOnce(SUSPECTS.most, SUSPECTS.mostWaiting);
  private readonly callers = new RecentAnswers<Caller>(KEEP_MS);
  /** Each question about a wrong credential costs whoever is asked, who may be the cluster. */
  private readonly refused = new RecentAnswers<HttpException>(KEEP_MS);

  constructor(
    private readonly keys: ApiKeyCallers,
    private readonly tokens: TokenCallers,
  ) {}

  /**
   * @param header the `Authorization` header
   * @param address of the client, whose failures are counted
   * @throws 401 saying what is wrong, 429 after too many failures, `Unavailable` when it cannot be found out
   */
  callerOf(header: string | undefined, address: string): Promise<Caller> {
    const key = createHash('sha256')
      .update(header ?? '')
      .digest('base64');
    return this.callers.get(key, async () => {
      const credential = readCredential(header);
      const refusal = this.limit.refusal(address);
      try {
        const refused = await this.refused.known(key);
        if (refused) throw refused;
        if (!refusal) return await this.find(credential);
        return await this.suspects.run(
          () => this.find(credential),
          () => refusal,
        );
      } catch (error) {
        if (!(error instanceof HttpException)) throw error;
        if (error instanceof UnknownSigner || error instanceof TooMany) throw refusal ?? error;
        await this.refused.get(key, async () => error);
        if (!refusal) this.limit.count(address);
        throw refusal ?? error;
      }
    });
  }

  private find(credential: Credential): Promise<Caller> {
    return credential.type === 'key' ? this.keys.find(credential) : this.tokens.find(credential.token);
  }

  /** After a key was revoked here. */
  forget(): void {
    this.callers.clear();
    this.refused.clear();
  }
}
