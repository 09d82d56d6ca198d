import { ArkError, errorText, invalid, type McpServerConfig } from '../../kit/index.js';
import type { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { mcpProgram } from '../../resources/mcp-server/mcp-server-program.js';
import { bearer, type McpToken, mcpToken } from '../../resources/mcp-server/mcp-server-token.js';
import { refusePassword } from '../../resources/values/address.js';
import { mergeHeaders, resolveHeaders } from '../../resources/values/resolve-headers.js';
import { named } from '../../resources/values/resolve-parameters.js';
import { resolveValue } from '../../resources/values/resolve-value.js';
import { TakenSecrets } from '../../resources/values/taken-secrets.js';
import type { ValueLookup } from '../../resources/values/value-lookup.js';
import type { Finding } from './mcp-server-words.js';

/** A server with every reference resolved, outside any Query. Holds keys: never log it. */
export interface ResolvedServer {
  config: McpServerConfig;
  token?: McpToken;
}

/** The server with every reference resolved, or what stands in the way. */
export async function resolveOrSay(server: MCPServer, lookup: ValueLookup): Promise<ResolvedServer | Finding> {
  const taken = new TakenSecrets(lookup);
  let address: string | undefined;
  try {
    address = await resolveAddress(server, taken);
    const { config, token } = await resolveServer(server, address, taken);
    return { config: { ...config, secrets: taken.texts }, token };
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    const message = errorText(error);
    if (address === undefined) return { reason: 'AddressResolutionFailed', message: `spec.address: ${message}` };
    return { reason: 'ClientCreationFailed', address, message };
  }
}

/** The server's URL; empty text for a program. Throws what `resolveValue` throws. */
async function resolveAddress({ spec, metadata }: MCPServer, lookup: ValueLookup): Promise<string> {
  if (spec.transport === 'stdio') return '';
  const url = spec.address ? await resolveValue(spec.address, metadata.namespace ?? '', lookup) : undefined;
  if (!url) throw invalid('it is empty; write value or valueFrom');
  refusePassword(url);
  return url;
}

/** The rest of the server, for a URL that is known. Throws naming the header or variable that cannot be resolved. */
async function resolveServer(server: MCPServer, url: string, lookup: ValueLookup): Promise<ResolvedServer> {
  const { spec, metadata } = server;
  const token = await mcpToken(server, lookup);
  const own = await named('spec.headers', () => resolveHeaders(spec.headers, metadata.namespace ?? '', lookup));
  const headers = mergeHeaders(own, bearer(token));
  const { transport = 'http', timeout = '30s' } = spec;
  const program = await named('spec.env', () => mcpProgram(server, lookup));
  return { config: { name: metadata.name, url, transport, timeout, headers, tools: [], ...program }, token };
}
