import { type Logger, noTracer, type Tracer } from '../kit/index.js';
import { GuardedHttp } from './guarded-http.js';
import { McpServerReader } from './mcp/mcp-server-reader.js';
import { PooledMcpConnections } from './mcp/pooled-mcp-connections.js';
import { SessionPool } from './mcp/session-pool.js';

export interface McpRoomOptions {
  logger: Logger;
  /** Whether `stdio` may start programs of this machine. */
  programs: boolean;
  /** Whether servers of this machine may be called over HTTP. */
  loopback: boolean;
  /** A session nobody uses is closed after so many milliseconds. */
  idleMs?: number;
  /** Tells servers which trace a call belongs to. Default: tells nothing. */
  tracer?: Tracer;
}

/** Everything this process has open with MCP servers. */
export class McpRoom {
  readonly connections: PooledMcpConnections;
  readonly reader: McpServerReader;
  private readonly http: GuardedHttp;
  private readonly pool: SessionPool;

  constructor({ logger, programs, loopback, idleMs, tracer = noTracer }: McpRoomOptions) {
    this.http = new GuardedHttp({ loopback }, tracer);
    this.pool = new SessionPool({ http: this.http, logger, programs }, idleMs);
    this.connections = new PooledMcpConnections(this.pool, logger, tracer);
    this.reader = new McpServerReader(this.pool, this.http, logger);
  }

  /** Ends every session, and every program that was started. */
  async close(): Promise<void> {
    await this.pool.close();
    await this.http.close();
  }
}
