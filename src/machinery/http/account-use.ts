import { Injectable } from '@nestjs/common';
import { denied } from '../../kit/index.js';
import { RequestScope } from './request-scope.js';

/** Holds callers to the service accounts in whose name work is done that they let go on. */
@Injectable()
export class AccountUse {
  constructor(private readonly scope: RequestScope) {}

  /**
   * Whoever speaks into a run has a part in what it does.
   *
   * @param account of the run; nothing is asked where it has none
   * @throws `Denied` unless the cluster knows the caller and lets them `use` the account
   */
  async require(account: string | undefined, namespace: string | undefined): Promise<void> {
    if (!account) return;
    const caller = this.scope.caller();
    if (await caller?.mayUseAccount?.(account, namespace ?? '')) return;
    const who = caller?.name ?? 'nobody in particular';
    const next = 'ask for the verb use on serviceaccounts there, and come with a token of the cluster';
    throw denied(
      `${who} may not use service account ${account} of namespace ${namespace}, which this acts as: ${next}`,
      {
        reason: 'Forbidden',
      },
    );
  }
}
