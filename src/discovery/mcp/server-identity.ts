import { createHash } from 'node:crypto';
import type { McpServerConfig } from '../../kit/index.js';

/** What makes two configs the same peer with the same rights. A digest, because it covers keys. */
export function serverIdentity({ transport, url, headers, program, openingCalls }: McpServerConfig): string {
  const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const sorted = names.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([transport, url, sorted, program ?? null, openingCalls ?? []]))
    .digest('base64');
}

/** The server for error messages: its name, and the host without anything that may be a key. */
export function serverName({ name, url, transport, program }: McpServerConfig): string {
  if (transport === 'stdio') return `MCP server '${name}' (program ${program?.command ?? 'unknown'})`;
  const parsed = URL.parse(url);
  return parsed ? `MCP server '${name}' at ${parsed.host}` : `MCP server '${name}'`;
}
