import type { Client, Transport } from '@modelcontextprotocol/client';
import { invalid, type McpServerConfig } from '../../kit/index.js';
import type { Challenge, GuardedHttp } from '../guarded-http.js';
import { abortable } from './abortable.js';
import { mcpFailure, statusOf } from './failures.js';
import { serverName } from './server-identity.js';
import { openTransport, startProgram, type TransportParts } from './transports.js';

/** How this process introduces itself to MCP servers; Ark's own words, which servers may know. */
const CLIENT_INFO = { name: 'ark.mckinsey.com', version: 'v1alpha1' };
/** A server that does not answer the question for its protocol in time is taken for an old one. */
const PROBE_MS = 5_000;
const FAREWELL_MS = 500;

export interface ClientParts extends Omit<TransportParts, 'fetch'> {
  http: GuardedHttp;
}

/** A client that has shaken hands. */
export interface OpenClient {
  client: Client;
  /** The URL that answered: the configured one, or that with `/mcp` when only that is an endpoint. */
  url: string;
  /** The last challenge, when there was one. */
  refusal(): Challenge | undefined;
  /** Closes it, and tells the server that its session is over. Never throws, and does not wait for a dead server. */
  end(): Promise<void>;
}

export interface ClientListeners {
  onClose(): void;
  onToolsChanged(): void;
}

/**
 * Connects: negotiates the newest protocol both sides know, and asks at `/mcp` when a URL without a path is no
 * endpoint.
 *
 * @throws what {@link mcpFailure} makes of it; Timeout or Canceled when the signal is aborted
 */
export async function openClient(
  server: McpServerConfig,
  parts: ClientParts,
  listeners: ClientListeners,
  signal: AbortSignal,
): Promise<OpenClient> {
  if (server.transport === 'stdio') {
    const start = () => startProgram(server, { ...parts, fetch: parts.http.fetch(server.secrets) });
    return attempt(server, '', start, listeners, signal);
  }
  const url = URL.parse(server.url);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalid(`MCP server '${server.name}': the address is not an http or https URL`);
  }
  try {
    return await attemptAt(url, server, parts, listeners, signal);
  } catch (error) {
    const status = statusOf(error);
    const elsewhere = url.pathname === '/' && server.transport === 'http' && (status === 404 || status === 405);
    if (!elsewhere) throw error;
    return attemptAt(new URL(`/mcp${url.search}`, url), server, parts, listeners, signal);
  }
}

function attemptAt(
  url: URL,
  server: McpServerConfig,
  parts: ClientParts,
  listeners: ClientListeners,
  signal: AbortSignal,
): Promise<OpenClient> {
  let challenge: Challenge | undefined;
  const fetch = parts.http.fetch(server.secrets, (heard) => {
    challenge = heard;
  });
  const start = () => openTransport(server, url, { ...parts, fetch });
  const text = url.href === new URL(server.url).href ? server.url : url.href;
  return attempt(server, text, start, listeners, signal, () => challenge);
}

async function attempt(
  server: McpServerConfig,
  url: string,
  start: () => Promise<Transport>,
  listeners: ClientListeners,
  signal: AbortSignal,
  refusal: () => Challenge | undefined = () => undefined,
): Promise<OpenClient> {
  const { Client } = await import('@modelcontextprotocol/client');
  const transport = await started(start, server);
  const client = new Client(CLIENT_INFO, {
    versionNegotiation: { mode: server.transport === 'sse' ? 'legacy' : 'auto', probe: { timeoutMs: PROBE_MS } },
    // Listeners wait between two readings themselves; a debounce would never end with a talkative server.
    listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => listeners.onToolsChanged() } },
  });
  try {
    await abortable(client.connect(transport, { signal }), signal, 'connecting');
  } catch (error) {
    await closeQuietly(client);
    // The SSE transport of the SDK tells no status; during a handshake a challenge explains every failure.
    const status = refusal()?.status;
    const failure = status === undefined ? error : { status, cause: error };
    throw mcpFailure(serverName(server), failure, refusal());
  }
  client.onclose = () => listeners.onClose();
  return { client, url, refusal, end: () => farewell(transport).then(() => closeQuietly(client)) };
}

async function started(start: () => Promise<Transport>, server: McpServerConfig): Promise<Transport> {
  try {
    return await start();
  } catch (error) {
    throw mcpFailure(serverName(server), error);
  }
}

/** A server that is not told keeps the session, often for ever. */
async function farewell(transport: Transport & { terminateSession?(): Promise<void> }): Promise<void> {
  const told = transport.terminateSession?.().catch(() => {});
  if (told) await Promise.race([told, new Promise((next) => setTimeout(next, FAREWELL_MS).unref())]);
}

/** Closes what may be broken or half open already. */
export async function closeQuietly(client: Pick<Client, 'close'>): Promise<void> {
  await client.close().catch(() => {});
}
