import { Injectable } from '@nestjs/common';
import type { Caller } from '../../machinery/http/caller.js';
import { Settings } from '../../machinery/settings/settings.js';
import { unauthenticated } from '../credential.js';
import { AdminToken } from './admin-token.js';
import { ClusterCallers } from './cluster-callers.js';
import { OidcCallers } from './oidc-callers.js';

/** Knows callers by their bearer tokens: who issued one decides who is asked about it. */
@Injectable()
export class TokenCallers {
  constructor(
    private readonly admin: AdminToken,
    private readonly cluster: ClusterCallers,
    private readonly oidc: OidcCallers,
    private readonly settings: Settings,
  ) {}

  /** @throws 401; `Unavailable` when whoever knows does not answer */
  async find(token: string): Promise<Caller> {
    const admin = await this.admin.find(token);
    if (admin) return admin;
    const { authMode } = this.settings;
    if (authMode.includes('oidc') && (await this.oidc.issued(token))) return this.oidc.find(token);
    if (authMode.includes('token')) return this.cluster.find(token);
    throw unauthenticated('the token is not accepted here');
  }
}
