import { invalid } from '../../kit/index.js';
import type { AgentEndpoint, FoundAgent } from '../../reconcilers/a2a-server/a2a-discovery.js';

/** A list may name so many agents. */
const MOST_AGENTS = 500;
const LONGEST_NAME = 1_000;

type Card = Record<string, unknown>;

/** Agents of a list, and why others of it cannot be used. */
export interface ListedAgents {
  agents: FoundAgent[];
  problems: string[];
}

/** Whether a document is a list of cards rather than one card. */
export function listIn(document: unknown): unknown[] | undefined {
  if (Array.isArray(document)) return document;
  if (!isObject(document) || document.name !== undefined) return undefined;
  return Array.isArray(document.agents) ? document.agents : undefined;
}

/**
 * The agent on a card, of protocol 0.2, 0.3 or 1.0, which is called below `address`.
 *
 * @throws Invalid naming the member that is missing or of a wrong type
 */
export function agentOf(card: unknown, address: string): FoundAgent {
  const known = checked(card);
  return { ...known, address, endpoint: endpointOf(card as Card, address) };
}

/** The agents of a list. Each is called where its card says, on the host that the list came from. */
export function agentsOf(cards: readonly unknown[], address: string): ListedAgents {
  if (cards.length > MOST_AGENTS)
    throw invalid(`the list names ${cards.length} agents; at most ${MOST_AGENTS} are read`);
  const agents: FoundAgent[] = [];
  const problems: string[] = [];
  for (const [index, entry] of cards.entries()) {
    try {
      const card = isObject(entry) && isObject(entry.card) ? entry.card : entry;
      const known = checked(card);
      const named = chosen(card as Card)?.url;
      if (!named) throw invalid('the card has no url');
      const own = onHost(named, address);
      const endpoint = endpointOf(card as Card, own);
      agents.push({ ...known, address: own, endpoint });
    } catch (error) {
      problems.push(`agent ${index + 1} of the list: ${(error as Error).message}`);
    }
  }
  if (agents.length === 0) throw invalid(problems.slice(0, 3).join('; ') || 'the list of agents is empty');
  return { agents, problems };
}

function checked(card: unknown): Pick<FoundAgent, 'name' | 'description' | 'skills' | 'streaming' | 'pushes'> {
  if (!isObject(card)) throw invalid('the agent card is not a JSON object');
  const { name, description = '', skills = [], capabilities } = card;
  if (typeof name !== 'string' || !name.trim()) throw invalid('the agent card has no name');
  if (name.length > LONGEST_NAME) throw invalid(`the name on the agent card is longer than ${LONGEST_NAME} characters`);
  if (typeof (description ?? '') !== 'string') throw invalid('the description on the agent card is not a text');
  if (!Array.isArray(skills ?? [])) throw invalid('the skills on the agent card are not a list');
  const listed = ((skills ?? []) as unknown[]).filter(isObject);
  const offers = isObject(capabilities) ? capabilities : {};
  return {
    name: name.trim(),
    description: (description ?? '') as string,
    skills: listed,
    streaming: offers.streaming === true,
    pushes: offers.pushNotifications === true,
  };
}

/** How the agent is called; undefined for JSON-RPC of 0.3 at its address, as Ark calls agents. */
function endpointOf(card: Card, address: string): AgentEndpoint | undefined {
  const door = chosen(card);
  const url = door && sameHost(door.url, address);
  const { binding, version } = door ?? { binding: 'JSONRPC', version: '0.3' };
  const isDefault = binding === 'JSONRPC' && version.startsWith('0.');
  if (isDefault && (!url || withoutSlash(url) === withoutSlash(address))) return undefined;
  return { url: url ?? address, binding, version };
}

/** JSON-RPC before REST, 1.0 before 0.3; undefined when the card offers nothing that is spoken here. */
function chosen(card: Card): AgentEndpoint | undefined {
  const doors = doorsOf(card);
  const isNew = ({ version }: AgentEndpoint) => !version.startsWith('0.');
  const rpc = doors.filter(({ binding }) => binding === 'JSONRPC');
  return rpc.find(isNew) ?? rpc[0] ?? doors.find((door) => door.binding === 'HTTP+JSON' && isNew(door));
}

function doorsOf(card: Card): AgentEndpoint[] {
  if (Array.isArray(card.supportedInterfaces) && card.supportedInterfaces.length > 0) {
    return card.supportedInterfaces
      .filter(isObject)
      .flatMap(({ url, protocolBinding, protocolVersion }) =>
        typeof url === 'string'
          ? [{ url, binding: upper(protocolBinding), version: text(protocolVersion) || '1.0' }]
          : [],
      );
  }
  // Before 1.0 a card has one URL; what it calls protocolVersion is not reliable.
  const { url, preferredTransport, additionalInterfaces } = card;
  const main = typeof url === 'string' ? [{ url, binding: upper(preferredTransport), version: '0.3' }] : [];
  const more = (Array.isArray(additionalInterfaces) ? additionalInterfaces : []).filter(isObject);
  return [
    ...main,
    ...more.flatMap((door) =>
      typeof door.url === 'string' ? [{ url: door.url, binding: upper(door.transport), version: '0.3' }] : [],
    ),
  ];
}

/** The URL when it is on the host of the address: any other could be chosen to reach what only we can reach. */
function sameHost(named: string, address: string): string | undefined {
  const url = URL.parse(named, `${address}/`);
  const home = new URL(address);
  return url && url.host === home.host && url.protocol === home.protocol ? url.href : undefined;
}

/** The path of a URL on the host of the address: servers often do not know by what name they are reached. */
function onHost(named: string, address: string): string {
  const url = URL.parse(named, `${address}/`);
  if (!url) throw invalid(`"${named.slice(0, 200)}" is not a URL`);
  return withoutSlash(new URL(url.pathname, address).href);
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const upper = (value: unknown) => text(value).toUpperCase() || 'JSONRPC';

function isObject(value: unknown): value is Card {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
