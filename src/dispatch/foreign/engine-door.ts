import { A2A_VERSION_HEADER, AgentCard, type AgentInterface, HTTP_EXTENSION_HEADER } from '@a2a-js/sdk';
import { JsonRpcTransportFactory, RestTransportFactory, type Transport } from '@a2a-js/sdk/client';
import { LEGACY_HTTP_EXTENSION_HEADER } from '@a2a-js/sdk/compat/v0_3';
import { isLegacyAgentCard, LegacyJsonRpcTransport, parseLegacyAgentCard } from '@a2a-js/sdk/compat/v0_3/client';
import { isOld, preferredDoor, unspokenText } from '../../kit/a2a/offered-doors.js';
import { invalid } from '../../kit/index.js';
import { QUERY_EXTENSION } from '../../resources/labels.js';

/** How to speak with one foreign engine: generation, binding and URL are settled. */
export interface EngineDoor {
  transport: Transport;
  /** Headers of every call. */
  headers: Record<string, string>;
  streaming: boolean;
}

/** The reason of an error: there is a card, and this client cannot speak to who shows it. */
export const NOT_SPOKEN = 'ProtocolNotSpoken';

type Fetch = typeof globalThis.fetch;

/** Lists that 0.3 demands and that hand-written cards leave out. */
const NO_LISTS = { defaultInputModes: [], defaultOutputModes: [], skills: [] };

/** A card of either generation. Throws when it is no card at all. */
export function parseCard(document: unknown): AgentCard {
  if (typeof document !== 'object' || document === null) throw invalid('the agent card is not a JSON object');
  if (!isLegacyAgentCard(document)) return AgentCard.fromJSON(document);
  return parseLegacyAgentCard({ ...NO_LISTS, ...document } as never);
}

/**
 * The way in that a card offers and this client prefers: JSON-RPC before REST, 1.0 before 0.3.
 *
 * @throws Invalid when the card offers ways in, and none that is spoken here
 */
export async function doorOf(card: AgentCard, address: string, fetchImpl: Fetch): Promise<EngineDoor> {
  const doors = card.supportedInterfaces.map(doorIn);
  const chosen = preferredDoor(doors);
  if (!chosen && doors.length > 0) throw invalid(unspokenText(doors), { reason: NOT_SPOKEN });
  if (!chosen) return legacyDoor(address, fetchImpl);
  const url = safeUrl(chosen.url, address);
  const streaming = card.capabilities?.streaming === true;
  if (isOld(chosen)) return { ...legacyDoor(url, fetchImpl), streaming };
  const factory =
    chosen.binding === 'JSONRPC' ? new JsonRpcTransportFactory({ fetchImpl }) : new RestTransportFactory({ fetchImpl });
  const headers = { [A2A_VERSION_HEADER]: '1.0', [HTTP_EXTENSION_HEADER]: QUERY_EXTENSION };
  return { transport: await factory.create(url, card), headers, streaming };
}

/** What every engine of Ark understands: JSON-RPC of protocol 0.3 at the root of its address. */
export function legacyDoor(address: string, fetchImpl: Fetch): EngineDoor {
  const endpoint = address.endsWith('/') ? address : `${address}/`;
  const headers = { [LEGACY_HTTP_EXTENSION_HEADER]: QUERY_EXTENSION };
  return { transport: new LegacyJsonRpcTransport({ endpoint, fetchImpl }), headers, streaming: false };
}

const doorIn = ({ url, protocolBinding, protocolVersion }: AgentInterface) => ({
  url,
  binding: protocolBinding.toUpperCase() || 'JSONRPC',
  version: protocolVersion || '1.0',
});

/** A card may name another path on its own host; any other host could be chosen to reach what only we can reach. */
export function safeUrl(named: string, address: string): string {
  try {
    const url = new URL(named, address);
    const home = new URL(address);
    return url.host === home.host && url.protocol === home.protocol ? url.href : address;
  } catch {
    return address;
  }
}
