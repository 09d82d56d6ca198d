import type { McpServerConfig } from '../../kit/index.js';
import { McpSession } from './mcp-session.js';
import type { ClientParts } from './open-client.js';
import { serverIdentity } from './server-identity.js';

/** A session nobody uses is closed after so many milliseconds. */
const DEFAULT_IDLE_MS = 5 * 60_000;

interface Entry {
  session: McpSession;
  users: number;
  idle?: NodeJS.Timeout;
}

/** A session on loan. Give it back, once; with `done` it is closed at once when nobody else uses it. */
export interface Lease {
  session: McpSession;
  release(done?: boolean): void;
}

/**
 * Sessions by what makes a peer: transport, address, headers, program. Two Queries with the same rights share one; a
 * Query with its own key gets its own.
 */
export class SessionPool {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly parts: ClientParts,
    private readonly idleMs = DEFAULT_IDLE_MS,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  lease(server: McpServerConfig): Lease {
    const identity = serverIdentity(server);
    const entry = this.entries.get(identity) ?? { session: new McpSession(server, this.parts), users: 0 };
    this.entries.set(identity, entry);
    entry.users += 1;
    clearTimeout(entry.idle);
    let released = false;
    const release = (done = false) => {
      if (released) return;
      released = true;
      entry.users -= 1;
      if (entry.users > 0) return;
      if (done) this.drop(identity, entry);
      else this.dropWhenIdle(identity, entry);
    };
    return { session: entry.session, release };
  }

  async close(): Promise<void> {
    const entries = [...this.entries.values()];
    this.entries.clear();
    for (const { idle } of entries) clearTimeout(idle);
    await Promise.all(entries.map(({ session }) => session.close()));
  }

  private dropWhenIdle(identity: string, entry: Entry): void {
    clearTimeout(entry.idle);
    entry.idle = setTimeout(() => this.drop(identity, entry), this.idleMs);
    entry.idle.unref();
  }

  private drop(identity: string, entry: Entry): void {
    if (entry.users > 0 || this.entries.get(identity) !== entry) return;
    this.entries.delete(identity);
    void entry.session.close();
  }
}
