import type { Transport } from '@modelcontextprotocol/client';
import {
  denied,
  invalid,
  type Logger,
  type McpServerConfig,
  redactor,
  sendableHeaders,
  unavailable,
} from '../../kit/index.js';
import { LARGEST_MESSAGE } from '../guarded-http.js';

export interface TransportParts {
  fetch: typeof globalThis.fetch;
  logger: Logger;
  /** Whether programs of this machine may be started. */
  programs: boolean;
}

const RECONNECTION = {
  initialReconnectionDelay: 500,
  maxReconnectionDelay: 10_000,
  reconnectionDelayGrowFactor: 1.5,
  maxRetries: 5,
};

/** A new way to the server at `url`, not yet started. The SDK is loaded on first use. */
export async function openTransport(server: McpServerConfig, url: URL, parts: TransportParts): Promise<Transport> {
  const { StreamableHTTPClientTransport, SSEClientTransport } = await import('@modelcontextprotocol/client');
  const headers = sendableHeaders(server.headers);
  const options = { requestInit: { headers }, fetch: parts.fetch };
  if (server.transport === 'http') {
    return new StreamableHTTPClientTransport(url, { ...options, reconnectionOptions: RECONNECTION });
  }
  let opened = false;
  const open = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    // The library opens a broken stream again, but the session went with the stream: calls would never be answered.
    if (opened) void transport.close();
    if (opened) throw unavailable('the event stream of the server broke');
    const merged = { ...Object.fromEntries(new Headers(init.headers)), ...headers };
    const response = await parts.fetch(input, { ...init, headers: merged });
    opened = response.ok;
    return response;
  };
  const transport = new SSEClientTransport(url, { ...options, eventSourceInit: { fetch: open as never } });
  return transport;
}

/** A program of this machine as a server: it gets the environment it is given and the few names every program needs. */
export async function startProgram(server: McpServerConfig, parts: TransportParts): Promise<Transport> {
  const { program, name } = server;
  if (!parts.programs) {
    throw denied(
      'transport stdio starts a program of this machine, which works without a cluster only; ' +
        'give the server an address and use transport http',
      { reason: 'TransportDenied' },
    );
  }
  if (!program?.command) throw invalid('transport stdio needs command, the program to start');
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
  const transport = new StdioClientTransport({ ...program, stderr: 'pipe', maxBufferSize: LARGEST_MESSAGE });
  const redact = redactor(program.env ?? {}, server.secrets ?? []);
  // Read, or the program would stop when the pipe is full. At debug, because programs say what they are given.
  transport.stderr?.on('data', (data: Buffer) => {
    parts.logger.debug(
      { server: name, text: redact(data.toString()).slice(0, 2_000) },
      'An MCP server writes to its log',
    );
  });
  return transport;
}
