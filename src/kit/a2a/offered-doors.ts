/** A way in that an agent card offers. */
export interface OfferedDoor {
  url: string;
  /** `JSONRPC`, `HTTP+JSON`, `GRPC` or what the card says. */
  binding: string;
  /** Version of the protocol, e.g. `1.0`. */
  version: string;
}

type Json = Record<string, unknown>;
type Kind = Pick<OfferedDoor, 'binding' | 'version'>;

const SPOKEN = 'JSONRPC of 1.0 and 0.3, and HTTP+JSON of 1.0';

export const isCurrent = ({ version }: Kind): boolean => /^1(\.|$)/.test(version);
export const isOld = ({ version }: Kind): boolean => /^0(\.|$)/.test(version);

/** Every way in that a card names, of whatever protocol; those of 1.0 first, for a card may be of both generations. */
export const offeredDoors = (card: Json): OfferedDoor[] => [...currentDoors(card), ...oldDoors(card)];

/** The door of a card that is taken; undefined when it names none that is spoken here. */
export const chosenDoor = (card: Json): OfferedDoor | undefined =>
  preferredDoor(currentDoors(card)) ?? preferredDoor(oldDoors(card));

function currentDoors({ supportedInterfaces }: Json): OfferedDoor[] {
  return objectsIn(supportedInterfaces)
    .map(({ url, protocolBinding, protocolVersion }) => ({
      url,
      binding: upper(protocolBinding),
      version: text(protocolVersion) || '1.0',
    }))
    .filter(hasUrl);
}

/** Before 1.0 a card has one URL; what it calls its version there is not to be relied on. */
function oldDoors({ url, preferredTransport, additionalInterfaces, protocolVersion }: Json): OfferedDoor[] {
  const said = text(protocolVersion) || '0';
  const version = /^[01](\.|$)/.test(said) ? '0.3' : said;
  const more = objectsIn(additionalInterfaces).map((door) => ({ url: door.url, binding: upper(door.transport) }));
  return [{ url, binding: upper(preferredTransport) }, ...more].map((door) => ({ ...door, version })).filter(hasUrl);
}

/**
 * The door that is taken of several: JSON-RPC before REST, 1.0 before 0.3.
 *
 * @returns undefined when none is of a kind that is spoken here
 */
export function preferredDoor<T extends Kind>(doors: readonly T[]): T | undefined {
  const rpc = doors.filter(({ binding }) => binding === 'JSONRPC');
  const rest = doors.filter(({ binding }) => binding === 'HTTP+JSON');
  return rpc.find(isCurrent) ?? rpc.find(isOld) ?? rest.find(isCurrent);
}

/** What to say of a card none of whose doors is spoken here. */
export function unspokenText(doors: readonly Kind[]): string {
  const kinds = [...new Set(doors.map(({ binding, version }) => `${binding} of ${version}`))];
  return `the card offers ${kinds.slice(0, 5).join(', ')}; spoken here is ${SPOKEN}, one of which it must offer`;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const upper = (value: unknown) => text(value).toUpperCase() || 'JSONRPC';
const hasUrl = (door: { url: unknown } & Kind): door is OfferedDoor => typeof door.url === 'string';
const objectsIn = (list: unknown): Json[] =>
  (Array.isArray(list) ? list : []).filter((one): one is Json => typeof one === 'object' && one !== null);
