import { ArkError, errorText, type McpServerConfig, timeout } from '../../kit/index.js';
import type { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { durationOr } from '../../resources/values/duration.js';
import { within } from '../within.js';
import { type FoundTools, type McpDiscovery, TOOL_LISTING_FAILED } from './mcp-discovery.js';
import type { Finding } from './mcp-server-status.checks.js';

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
    const { details, reason, message } = error;
    const address = config.url;
    if (details.status === 401) {
      const wwwAuthenticate = typeof details.wwwAuthenticate === 'string' ? details.wwwAuthenticate : '';
      return authorization(discovery, { address, wwwAuthenticate, timeoutMs, signal: stopping });
    }
    return { reason: reason === TOOL_LISTING_FAILED ? 'ToolListingFailed' : 'ClientCreationFailed', address, message };
  }
}

async function authorization(
  discovery: McpDiscovery,
  challenge: Parameters<McpDiscovery['authorization']>[0],
): Promise<Finding> {
  const { address } = challenge;
  try {
    return { reason: 'AuthorizationRequired', address, facts: await discovery.authorization(challenge) };
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    const message = `The server wants authorization and does not say how to get it: ${errorText(error)}`;
    return { reason: 'AuthorizationDiscoveryFailed', address, message };
  }
}
