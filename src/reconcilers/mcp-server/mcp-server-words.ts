import type { Condition } from '../../kit/index.js';
import type { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import type { McpToken } from '../../resources/mcp-server/mcp-server-token.js';
import { formatDuration } from '../../resources/values/duration.js';
import { pollInterval } from '../polls.js';
import type { AuthorizationFacts } from './mcp-discovery.js';

/** What looking at a server came to. */
export type Finding =
  | { reason: 'Initializing' }
  | { reason: 'ToolsDiscovered'; address: string; count: number; token?: McpToken }
  | { reason: 'ToolCreationFailed'; address: string; count: number; token?: McpToken; message: string }
  | { reason: 'AddressResolutionFailed'; message: string }
  | { reason: 'ClientCreationFailed' | 'ToolListingFailed'; address: string; message: string }
  | { reason: 'AuthorizationRequired'; address: string; facts: AuthorizationFacts; scope?: string; token?: McpToken }
  | { reason: 'AuthorizationDiscoveryFailed'; address: string; message: string };

type Word = Pick<Condition, 'status' | 'reason' | 'message'>;

/** What the conditions of a server say; each is about a thing of its own. */
export interface Words {
  available: Word;
  discovering: Word;
}

export function words(server: MCPServer, finding: Finding): Words {
  return { available: availableWord(server, finding), discovering: discoveringWord(server, finding) };
}

function availableWord(server: MCPServer, finding: Finding): Word {
  const { reason } = finding;
  switch (reason) {
    case 'Initializing':
      return { status: 'Unknown', reason, message: 'The server has not answered yet' };
    case 'ToolsDiscovered': {
      const found = `${finding.count} ${finding.count === 1 ? 'tool' : 'tools'} discovered`;
      if (!finding.token?.accessToken) return { status: 'True', reason, message: found };
      const message = `Authorized with secret '${secretOf(server)?.name}'; ${found}`;
      return { status: 'True', reason: 'Authorized', message };
    }
    case 'ToolListingFailed':
      return {
        status: 'False',
        reason,
        message: `The server answers, but does not list its tools: ${finding.message}; look into its log`,
      };
    case 'AuthorizationRequired':
      return { status: 'False', reason, message: wantsToken(server, finding) };
    default:
      return { status: 'False', reason, message: finding.message };
  }
}

function discoveringWord(server: MCPServer, finding: Finding): Word {
  const every = formatDuration(pollInterval(server));
  switch (finding.reason) {
    case 'Initializing':
      return { status: 'True', reason: 'Starting', message: 'The server is asked for its tools' };
    case 'ToolsDiscovered':
    case 'ToolCreationFailed': {
      const message = `The list of tools is complete; it is read again every ${every}`;
      return { status: 'False', reason: 'DiscoveryComplete', message };
    }
    case 'ToolListingFailed':
      return { status: 'True', reason: 'ServerConnectedAndToolListingFailed', message: finding.message };
    default: {
      const message = `Tools cannot be looked for, for the cause that Available gives; tried again within ${every}`;
      return { status: 'False', reason: finding.reason, message };
    }
  }
}

const secretOf = ({ spec }: MCPServer) => spec.authorization?.tokenSecretRef;

function wantsToken(
  server: MCPServer,
  { facts, address, scope, token }: Extract<Finding, { reason: 'AuthorizationRequired' }>,
): string {
  const who = facts.resourceName ?? facts.resource ?? address;
  const secret = secretOf(server);
  const scopes = scope ? ` for the scopes ${scope}` : '';
  if (secret && token?.accessToken) {
    return `${who} refuses the token in secret '${secret.name}'${scopes}; put another one there`;
  }
  const where = secret
    ? `key '${secret.accessTokenKey ?? 'access_token'}' of secret '${secret.name}'`
    : 'a Secret and name it in spec.authorization.tokenSecretRef';
  return `${who} wants authorization${scopes}; put an access token into ${where}`;
}
