import type { Agent, AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Connection, Credentials } from './connection.js';

const IDLE_MS = 60_000;
/** So soon a silent connection is probed, and a peer that is gone is noticed. */
const PROBE_AFTER_MS = 30_000;

/** Kept-alive connections to one server, for the identity that the credentials give in the handshake. */
export class ConnectionPool {
  private open?: { agent: Agent; credentials: Credentials; identity: string };

  constructor(private readonly connection: Connection) {}

  /** The connections for these credentials; a rotated certificate gets new ones, while old requests end in peace. */
  of(credentials: Credentials): Agent {
    // The same object needs no comparison.
    if (this.open?.credentials === credentials) return this.open.agent;
    const identity = JSON.stringify([credentials.ca, credentials.certificate, credentials.key]);
    const agent = this.open?.identity === identity ? this.open.agent : this.agentFor(credentials);
    this.open = { agent, credentials, identity };
    return agent;
  }

  close(): void {
    this.open?.agent.destroy();
  }

  private agentFor({ ca, certificate: cert, key }: Credentials): Agent {
    const { server, insecure, serverName: servername, proxyUrl } = this.connection;
    const options: AgentOptions = { keepAlive: true, keepAliveMsecs: PROBE_AFTER_MS, timeout: IDLE_MS };
    if (proxyUrl) options.proxyEnv = { HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl };
    if (server.startsWith('http:')) return new (process.getBuiltinModule('node:http').Agent)(options);
    const trust = insecure ? { rejectUnauthorized: false } : {};
    // Made once: the agent would compare the certificates with those of its connections for every request.
    const secureContext = createSecureContext({ ca, cert, key });
    return new HttpsAgent({ ...options, ...trust, secureContext, servername });
  }
}
