import type { McpServerConfig, McpTool } from '../../kit/index.js';
import type { McpAuthorizationStatus } from '../../resources/mcp-server/mcp-server.resource.js';

export interface McpReading {
  /** Whose reading it is; the session stays open until `forget` is called with it. */
  id: string;
  server: McpServerConfig;
  /** Called whenever the server says, after this, that its tools have changed. */
  onChange(): void;
  signal: AbortSignal;
}

export interface FoundTools {
  /** The URL that answered; empty text for a program. */
  url: string;
  tools: McpTool[];
}

/** What a server and its authorization server say about how to get a token (RFC 9728, RFC 8414). */
export type AuthorizationFacts = Omit<McpAuthorizationStatus, 'state' | 'lastDiscovered' | 'expiresAt'>;

/** The reason of errors of a server that can be reached but does not list its tools. */
export const TOOL_LISTING_FAILED = 'ToolListingFailed';

/** Looks at MCP servers for the reconciler: without an allowlist, and without calling a tool. */
export abstract class McpDiscovery {
  /**
   * Every tool of a server.
   *
   * @throws ArkError with reason {@link TOOL_LISTING_FAILED} when only the listing failed; with `details.status` 401,
   * or 403, and `details.wwwAuthenticate` when the server wants authorization, or wider rights than the token has
   */
  abstract read(reading: McpReading): Promise<FoundTools>;

  /** Frees what `read` holds for this id. */
  abstract forget(id: string): void;

  /**
   * What the challenge of a server leads to.
   *
   * @throws ArkError when there is no usable description of the resource
   */
  abstract authorization(challenge: AuthorizationChallenge): Promise<AuthorizationFacts>;
}

export interface AuthorizationChallenge {
  /** The URL that was refused. */
  address: string;
  /** What came out of Secrets in what was sent. */
  secrets?: readonly string[];
  wwwAuthenticate: string;
  timeoutMs: number;
  signal: AbortSignal;
}
