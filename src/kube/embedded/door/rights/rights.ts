import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { serviceAccount } from '../../kinds/built-in/service-account.js';
import type { Caller } from '../tokens/caller.js';

/** Whoever is in it may do everything in any cluster. */
export const MASTERS = 'system:masters';
/** Whoever proved who they are is in it. */
export const AUTHENTICATED = 'system:authenticated';
const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * There are two kinds of people here: who can have a credential (the administrator, and every ServiceAccount there is) may
 * do everything, and nobody else may do anything.
 */
export class Rights {
  constructor(private readonly server: Pick<EmbeddedApiServer, 'get'>) {}

  async mayEverything({ username, groups }: Pick<Caller, 'username' | 'groups'>): Promise<boolean> {
    if (groups.includes(MASTERS)) return true;
    const [, namespace, name] = ACCOUNT.exec(username) ?? [];
    if (namespace === undefined || name === undefined) return false;
    try {
      const { metadata } = await this.server.get(serviceAccount.served.type, { namespace, name });
      return metadata.deletionTimestamp === undefined;
    } catch (error) {
      if (StatusError.is(error, 'NotFound')) return false;
      throw error;
    }
  }
}
