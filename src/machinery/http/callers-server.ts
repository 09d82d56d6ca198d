import { Injectable } from '@nestjs/common';
import { denied } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import { Settings } from '../settings/settings.js';
import { RequestScope } from './request-scope.js';

/**
 * The API server for work on a request. Where `ARK_IMPERSONATION` is on, requests to it are made in the name of the caller,
 * so that the cluster's own RBAC decides; callers that the cluster does not know (API keys) have the runtime's rights,
 * within their roles.
 */
@Injectable()
export class CallersServer {
  constructor(
    private readonly server: ApiServer,
    private readonly settings: Settings,
    private readonly scope: RequestScope,
  ) {}

  /** For writes, and for reads that nobody keeps a copy of. */
  get(): ApiServer {
    return this.narrowed() ?? this.server;
  }

  /** The server in the caller's name; absent where copies in memory may be shown to this caller. */
  narrowed(): ApiServer | undefined {
    if (this.settings.impersonation === 'off') return undefined;
    const caller = this.scope.caller();
    // Losing the caller on the way must not give anybody the rights of the runtime.
    if (!caller) throw denied('nobody knows in whose name this request is made');
    return caller.actor && this.server.as(caller.actor);
  }
}
