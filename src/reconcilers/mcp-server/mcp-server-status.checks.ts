import { isDeepStrictEqual } from 'node:util';
import { type Condition, type ConditionUpdate, type EventText, findCondition, withCondition } from '../../kit/index.js';
import type {
  MCPServer,
  MCPServerStatus,
  McpAuthorizationStatus,
} from '../../resources/mcp-server/mcp-server.resource.js';
import type { McpToken } from '../../resources/mcp-server/mcp-server-token.js';
import type { AuthorizationFacts } from './mcp-discovery.js';

const AVAILABLE = 'Available';
/** What `Available` was called until the end of 2025; the same words, for readers of that time. */
const READY = 'Ready';
const DISCOVERING = 'Discovering';

/** What looking at a server came to. */
export type Finding =
  | { reason: 'Initializing' }
  | { reason: 'ToolsDiscovered'; address: string; count: number; token?: McpToken; secret?: string }
  | { reason: 'ToolCreationFailed'; address: string; count: number; token?: McpToken; message: string }
  | { reason: 'AddressResolutionFailed'; message: string }
  | { reason: 'ClientCreationFailed' | 'ToolListingFailed'; address: string; message: string }
  | { reason: 'AuthorizationRequired'; address: string; facts: AuthorizationFacts }
  | { reason: 'AuthorizationDiscoveryFailed'; address: string; message: string };

interface Words {
  status: Condition['status'];
  reason: string;
  message: string;
  discovering: [status: Condition['status'], reason: string];
}

/** The status that follows from the one before and the finding. Tools and their count stay while a server is away. */
export function nextStatus(server: MCPServer, finding: Finding, now: Date): MCPServerStatus {
  const before = server.status ?? {};
  const said = words(server, finding);
  const condition = (type: string, status: Condition['status'], reason: string): ConditionUpdate => {
    return { type, status, reason, message: said.message, observedGeneration: server.metadata.generation };
  };
  let conditions = before.conditions ?? [];
  for (const update of [
    condition(AVAILABLE, said.status, said.reason),
    condition(READY, said.status, said.reason),
    condition(DISCOVERING, ...said.discovering),
  ]) {
    conditions = withCondition(conditions, update, now);
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
    return { type: 'Warning', reason: 'TokenRejected', message: `The server refuses the token. ${message}` };
  }
  if (before?.status === 'False' && before.reason === reason && before.message === message) return undefined;
  return { type: 'Warning', reason: refused ? 'AuthorizationRequired' : reason, message };
}

function words(server: MCPServer, finding: Finding): Words {
  const { reason } = finding;
  switch (reason) {
    case 'Initializing':
      return {
        status: 'Unknown',
        reason,
        message: 'The server is asked for its tools',
        discovering: ['True', 'Starting'],
      };
    case 'ToolsDiscovered': {
      const authorized = finding.token?.accessToken ? `Authorized with secret '${finding.secret}'; ` : '';
      const message = `${authorized}${finding.count} ${finding.count === 1 ? 'tool' : 'tools'} discovered`;
      const discovering: Words['discovering'] = ['False', 'DiscoveryComplete'];
      return { status: 'True', reason: authorized ? 'Authorized' : reason, message, discovering };
    }
    case 'ToolCreationFailed':
      return { status: 'False', reason, message: finding.message, discovering: ['False', 'DiscoveryComplete'] };
    case 'ToolListingFailed': {
      const discovering: Words['discovering'] = ['True', 'ServerConnectedAndToolListingFailed'];
      return { status: 'False', reason, message: finding.message, discovering };
    }
    case 'AuthorizationRequired':
      return { status: 'False', reason, message: wantsToken(server, finding), discovering: ['False', reason] };
    default:
      return { status: 'False', reason, message: finding.message, discovering: ['False', reason] };
  }
}

function wantsToken({ spec }: MCPServer, { facts, address }: { facts: AuthorizationFacts; address: string }): string {
  const secret = spec.authorization?.tokenSecretRef.name;
  const where = secret ? `secret '${secret}'` : 'a Secret and name it in spec.authorization.tokenSecretRef';
  return `${facts.resourceName ?? facts.resource ?? address} wants authorization; put an access token into ${where}`;
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
