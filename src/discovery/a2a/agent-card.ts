import { chosenDoor, offeredDoors, unspokenText } from '../../kit/a2a/offered-doors.js';
import { invalid } from '../../kit/index.js';
import type { AgentEndpoint, FoundAgent } from '../../reconcilers/a2a-server/a2a-discovery.js';
import { factsOn } from './card-shape.js';

/** An agent, and what people should know of its card although it can be used. */
export interface CardAgent {
  agent: FoundAgent;
  notes: string[];
}

/**
 * The agent on a card, of protocol 0.2, 0.3 or 1.0, which is called below `address`.
 *
 * @throws Invalid naming the member that is missing or of a wrong type, or the protocols that the card offers instead of
 *   those that are spoken here
 */
export function agentOf(card: unknown, address: string): CardAgent {
  const facts = factsOn(card);
  const door = doorOn(card);
  // Ark never looked at the url: agents without one answer at the address.
  const notes = door
    ? []
    : [`the card of '${facts.name}' has no url, so that it is called at the address of its server`];
  return { agent: { ...facts, address, endpoint: door && endpointAt(door, address) }, notes };
}

/**
 * The agent on a card that is one of a list: it is called where its card says, on the host that the list came from.
 *
 * @throws Invalid as for a card alone, and without a url: the address is that of the list
 */
export function listedAgentOf(card: unknown, address: string): FoundAgent {
  const facts = factsOn(card);
  const door = doorOn(card);
  if (!door) throw invalid(`the card of '${facts.name}' has no url`);
  const own = onHost(door.url, address);
  return { ...facts, address: own, endpoint: endpointAt(door, own) };
}

/** The path of a URL on the host of the address: servers often do not know by what name they are reached. */
export function onHost(named: string, address: string): string {
  const url = URL.parse(named, `${address}/`);
  if (!url) throw invalid(`"${named.slice(0, 200)}" is not a URL`);
  return withoutSlash(new URL(url.pathname, address).href);
}

/** The door to take; undefined where the card names none. */
function doorOn(card: unknown): AgentEndpoint | undefined {
  const door = chosenDoor(card as Record<string, unknown>);
  const offered = offeredDoors(card as Record<string, unknown>);
  if (!door && offered.length > 0) throw invalid(unspokenText(offered));
  return door;
}

/** How the agent is called; undefined for JSON-RPC of 0.3 at its address, as Ark calls agents. */
function endpointAt(door: AgentEndpoint, address: string): AgentEndpoint | undefined {
  const url = sameHost(door.url, address);
  const isDefault = door.binding === 'JSONRPC' && door.version.startsWith('0.');
  if (isDefault && (!url || withoutSlash(url) === withoutSlash(address))) return undefined;
  return { ...door, url: url ?? address };
}

/** The URL when it is on the host of the address: any other could be chosen to reach what only we can reach. */
function sameHost(named: string, address: string): string | undefined {
  const url = URL.parse(named, `${address}/`);
  const home = new URL(address);
  return url && url.host === home.host && url.protocol === home.protocol ? url.href : undefined;
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');
