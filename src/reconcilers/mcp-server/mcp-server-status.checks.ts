import { isDeepStrictEqual } from 'node:util';
import { type Condition, type EventText, findCondition, withCondition } from '../../kit/index.js';
import type {
  MCPServer,
  MCPServerStatus,
  McpAuthorizationStatus,
} from '../../resources/mcp-server/mcp-server.resource.js';
import { statusAddress } from '../../resources/values/address.js';
import { type Finding, words } from './mcp-server-words.js';

const AVAILABLE = 'Available';
/** What `Available` was called until the end of 2025; the same words, for readers of that time. */
const READY = 'Ready';
const DISCOVERING = 'Discovering';
/** What others write into the list is theirs. */
const OWN = [AVAILABLE, READY, DISCOVERING];

/** The status that follows from the one before and the finding. Tools and their count stay while a server is away. */
export function nextStatus(server: MCPServer, found: Finding, now: Date): MCPServerStatus {
  const finding = 'address' in found ? { ...found, address: statusAddress(server.spec.address, found.address) } : found;
  const before = server.status ?? {};
  const said = words(server, finding);
  const observedGeneration = server.metadata.generation;
  let conditions: Condition[] = before.conditions?.filter(({ type }) => OWN.includes(type)) ?? [];
  for (const [type, word] of [
    [AVAILABLE, said.available],
    [READY, said.available],
    [DISCOVERING, said.discovering],
  ] as const) {
    conditions = withCondition(conditions, { type, ...word, observedGeneration }, now);
  }
  const resolvedAddress =
    'address' in finding ? rememberedAddress(before.resolvedAddress, finding) : before.resolvedAddress;
  const toolCount = 'count' in finding ? finding.count : before.toolCount;
  const authorization = nextAuthorization(server, finding, now);
  return {
    ...(resolvedAddress ? { resolvedAddress } : {}),
    ...(toolCount === undefined ? {} : { toolCount }),
    ...(authorization ? { authorization } : {}),
    conditions,
  };
}

/** The Event that tells of a new problem; none when the status says what it said before. */
export function eventOf(server: MCPServer, finding: Finding, next: MCPServerStatus): EventText | undefined {
  const before = findCondition(server.status?.conditions, AVAILABLE);
  const after = findCondition(next.conditions, AVAILABLE);
  if (after?.status !== 'False') return undefined;
  const { reason, message } = after;
  const refused = finding.reason === 'AuthorizationRequired' || finding.reason === 'AuthorizationDiscoveryFailed';
  if (refused && server.status?.authorization?.state === 'Authorized') {
    return { type: 'Warning', reason: 'TokenRejected', message };
  }
  const moved = server.status?.authorization?.resourceMetadataURL !== next.authorization?.resourceMetadataURL;
  const same = before?.status === 'False' && before.reason === reason && before.message === message;
  if (same && !(refused && moved)) return undefined;
  return { type: 'Warning', reason: refused ? 'AuthorizationRequired' : reason, message };
}

/** The URL that answers. While it does not, the endpoint that was once found below the configured URL is kept. */
function rememberedAddress(before: string | undefined, { reason, address }: { reason: string; address: string }) {
  const found = reason === 'ToolsDiscovered' || reason === 'ToolCreationFailed' || address === '';
  if (found || before === undefined) return address;
  const guess = URL.parse('/mcp', address)?.href;
  return before === guess && URL.parse(address)?.pathname === '/' ? before : address;
}

function nextAuthorization(server: MCPServer, finding: Finding, now: Date): McpAuthorizationStatus | undefined {
  const before = server.status?.authorization;
  const next = authorizationOf(server, finding, before);
  if (!next) return undefined;
  const { lastDiscovered: earlier, ...rest } = before ?? {};
  const lastDiscovered = earlier && isDeepStrictEqual(rest, next) ? earlier : now.toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...next, lastDiscovered };
}

/** What is known about authorization, without the time. A failure never forgets what was found out before. */
function authorizationOf(
  server: MCPServer,
  finding: Finding,
  before: McpAuthorizationStatus | undefined,
): McpAuthorizationStatus | undefined {
  const { lastDiscovered: _, ...known } = before ?? {};
  switch (finding.reason) {
    case 'AuthorizationRequired': {
      const { expiresAt } = known;
      return { ...finding.facts, state: 'Required', ...(expiresAt ? { expiresAt } : {}) };
    }
    case 'AuthorizationDiscoveryFailed':
      return { ...known, state: 'DiscoveryFailed', resource: known.resource ?? finding.address };
    case 'ToolsDiscovered':
    case 'ToolCreationFailed': {
      if (!server.spec.authorization) return undefined;
      if (!finding.token?.accessToken) return before ? known : undefined;
      const { expiresAt: _old, ...facts } = known;
      const { expiresAt } = finding.token;
      return {
        ...facts,
        resource: facts.resource ?? finding.address,
        state: 'Authorized',
        ...(expiresAt ? { expiresAt } : {}),
      };
    }
    default:
      return before ? known : undefined;
  }
}
