import { createHash } from 'node:crypto';
import { HttpException, Injectable } from '@nestjs/common';
import type { Caller } from '../machinery/http/caller.js';
import { ApiKeyCallers } from './callers/api-key-callers.js';
import { TokenCallers } from './callers/token-callers.js';
import { readCredential, UnknownSigner } from './credential.js';
import { FailureLimit } from './limits/failure-limit.js';
import { RecentAnswers } from './recent-answers.js';

/** How long a right answer holds, and with it how long a revoked key still opens the doors of other replicas. */
const KEEP_MS = 5_000;

/** Finds out who sends a request. */
@Injectable()
export class Authentication {
  private readonly limit = new FailureLimit();
  private readonly callers = new RecentAnswers<Caller>(KEEP_MS);

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
      this.limit.check(address);
      try {
        return credential.type === 'key' ? await this.keys.find(credential) : await this.tokens.find(credential.token);
      } catch (error) {
        if (error instanceof HttpException && !(error instanceof UnknownSigner)) this.limit.count(address);
        throw error;
      }
    });
  }

  /** After a key was revoked here. */
  forget(): void {
    this.callers.clear();
  }
}
