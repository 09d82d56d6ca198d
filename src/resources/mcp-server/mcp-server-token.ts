import { Secret } from '../core/secret.resource.js';
import type { ValueLookup } from '../values/value-lookup.js';
import type { MCPServer } from './mcp-server.resource.js';

/** The OAuth token a server was given. */
export interface McpToken {
  /** Empty text when there is none. Secret: never log it. */
  accessToken: string;
  /** RFC 3339; absent when unknown or unreadable. */
  expiresAt?: string;
  /** Why there is no token, when one was promised. */
  problem?: string;
}

/** Reads the Secret that `spec.authorization` names; undefined when it names none. */
export async function mcpToken({ spec, metadata }: MCPServer, lookup: ValueLookup): Promise<McpToken | undefined> {
  const reference = spec.authorization?.tokenSecretRef;
  if (!reference) return undefined;
  const { name, accessTokenKey = 'access_token', expiresAtKey = 'expires_at' } = reference;
  const secret = await lookup.get(Secret, { namespace: metadata.namespace, name });
  if (!secret) return { accessToken: '', problem: `secret '${name}' does not exist; create it` };
  // Tokens end up in files and Secrets with a newline behind them, which no header may have.
  const text = (key: string) =>
    Buffer.from(secret.data?.[key] ?? '', 'base64')
      .toString('utf8')
      .trim();
  const accessToken = text(accessTokenKey);
  const expiresAt = text(expiresAtKey);
  if (accessToken) lookup.taken?.(accessToken);
  return {
    accessToken,
    ...(accessToken === '' ? { problem: `secret '${name}' has no key '${accessTokenKey}'; add it` } : {}),
    ...(/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(expiresAt) ? { expiresAt } : {}),
  };
}

/** The header that carries the token; it replaces any other `Authorization`. */
export function bearer(token: McpToken | undefined): Record<string, string> {
  return token?.accessToken ? { Authorization: `Bearer ${token.accessToken}` } : {};
}
