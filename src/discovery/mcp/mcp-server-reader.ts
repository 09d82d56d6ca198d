import { ArkError, type Logger } from '../../kit/index.js';
import {
  type AuthorizationChallenge,
  type AuthorizationFacts,
  type FoundTools,
  McpDiscovery,
  type McpReading,
  TOOL_LISTING_FAILED,
} from '../../reconcilers/mcp-server/mcp-discovery.js';
import type { GuardedHttp } from '../guarded-http.js';
import { authorizationFacts } from './authorization-metadata.js';
import { listTools } from './list-tools.js';
import { timeoutOf } from './mcp-session.js';
import type { Lease, SessionPool } from './session-pool.js';

interface Held extends Lease {
  listener: () => void;
}

/** Reads servers over the same sessions that calls use, and keeps them open to hear of changes. */
export class McpServerReader extends McpDiscovery {
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly pool: SessionPool,
    private readonly http: GuardedHttp,
    private readonly logger: Logger,
  ) {
    super();
  }

  async read({ id, server, onChange, signal }: McpReading): Promise<FoundTools> {
    const { session } = this.hold(id, this.pool.lease(server), onChange);
    const open = await session.open(signal);
    try {
      return { url: open.url, tools: await listTools(session, timeoutOf(server), signal) };
    } catch (error) {
      if (!(error instanceof ArkError) || error.details.status === 401) throw error;
      const { family, details, message } = error;
      throw new ArkError(family, message, { reason: TOOL_LISTING_FAILED, details, cause: error });
    }
  }

  forget(id: string): void {
    const held = this.held.get(id);
    if (!held) return;
    this.held.delete(id);
    held.session.changeListeners.delete(held.listener);
    // The server is deleted, or reached in another way now: its program ends, its session is over.
    held.release(true);
  }

  authorization(challenge: AuthorizationChallenge): Promise<AuthorizationFacts> {
    return authorizationFacts(challenge, this.http.fetch(challenge.secrets), this.logger);
  }

  /** The lease for this id from now on; the one before is given back, which closes it when it was for another peer. */
  private hold(id: string, lease: Lease, onChange: () => void): Held {
    this.forget(id);
    const held = { ...lease, listener: () => onChange() };
    lease.session.changeListeners.add(held.listener);
    this.held.set(id, held);
    return held;
  }
}
