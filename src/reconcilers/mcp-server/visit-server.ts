import { ArkError, type McpServerConfig, timeout } from '../../kit/index.js';
import type { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { durationOr } from '../../resources/values/duration.js';
import { stableText } from '../stable-text.js';
import { within } from '../within.js';
import { type FoundTools, type McpDiscovery, TOOL_LISTING_FAILED } from './mcp-discovery.js';
import type { Finding } from './mcp-server-words.js';

const DEFAULT_TIMEOUT_MS = 30_000;
/** Each request of a reading has the server's time-out; a list in endless pages must end too. */
const MOST_REQUESTS = 4;

export interface Visit {
  server: MCPServer;
  config: McpServerConfig;
  /** Called when the server later says that its tools have changed. */
  onChange(): void;
}

/** The tools of a server, or why there are none; with how to get a token when it wants one. */
export async function visitServer(
  discovery: McpDiscovery,
  { server, config, onChange }: Visit,
  stopping: AbortSignal,
): Promise<FoundTools | Finding> {
  const timeoutMs = durationOr(server.spec.timeout, DEFAULT_TIMEOUT_MS);
  const limitMs = timeoutMs * MOST_REQUESTS;
  const late = timeout(`the server did not list its tools within ${limitMs / 1000} seconds`);
  try {
    const id = server.metadata.uid ?? '';
    return await within(limitMs, late, stopping, (signal) => discovery.read({ id, server: config, onChange, signal }));
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    const { details, reason } = error;
    const address = config.url;
    // A server that wants wider rights says 403, with a challenge that names them.
    if (details.status === 401 || details.wwwAuthenticate !== undefined) {
      const wwwAuthenticate = typeof details.wwwAuthenticate === 'string' ? details.wwwAuthenticate : '';
      return authorization(discovery, {
        address,
        secrets: config.secrets,
        wwwAuthenticate,
        timeoutMs,
        signal: stopping,
      });
    }
    const message = stableText(error);
    if (reason === TOOL_LISTING_FAILED) return { reason: 'ToolListingFailed', address, message };
    return { reason: 'ClientCreationFailed', address, message: `${message}; ${nextStep(error)}` };
  }
}

function nextStep({ family, details }: ArkError): string {
  if (details.status === 403) return 'check spec.headers and the token';
  if (family === 'Timeout') return 'check that the server runs, or raise spec.timeout';
  if (family === 'Unavailable') return 'check spec.address, and that the server runs';
  return 'change spec.address';
}

async function authorization(
  discovery: McpDiscovery,
  challenge: Parameters<McpDiscovery['authorization']>[0],
): Promise<Finding> {
  const { address, wwwAuthenticate } = challenge;
  const [, scope] = /\bscope\s*=\s*"([^"]{1,500})"/i.exec(wwwAuthenticate) ?? [];
  try {
    const facts = await discovery.authorization(challenge);
    return { reason: 'AuthorizationRequired', address, facts, ...(scope ? { scope } : {}) };
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    const advice = 'put what it wants into spec.headers or spec.authorization';
    const message = `The server wants authorization and does not say how to get it: ${stableText(error)}; ${advice}`;
    return { reason: 'AuthorizationDiscoveryFailed', address, message };
  }
}
