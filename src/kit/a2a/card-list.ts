type Json = Record<string, unknown>;

/** Members of a catalogue's entry that say where the card is; Ark's own gateways write the first. */
const LINKS = ['agent-card', 'agentCard', 'agentCardUrl', 'cardUrl', 'card'];

/** Whether a document is a list of cards rather than one card: an array, or an object with `agents` and no name. */
export function listIn(document: unknown): unknown[] | undefined {
  if (Array.isArray(document)) return document;
  if (!isObject(document) || document.name !== undefined) return undefined;
  return Array.isArray(document.agents) ? document.agents : undefined;
}

/** The card in an entry of a list: the entry itself, or what it has under `card`. */
export const cardIn = (entry: unknown): unknown => (isObject(entry) && isObject(entry.card) ? entry.card : entry);

/** Where the card of an entry is, when the entry only says where. */
export function linkIn(entry: unknown): string | undefined {
  if (!isObject(entry)) return undefined;
  const link = LINKS.map((member) => entry[member]).find((value) => typeof value === 'string' && value !== '');
  return link as string | undefined;
}

/**
 * Whether an entry is about an agent that its publisher has from somebody else. Two runtimes that host each other would
 * else hand the same agents to and fro, under ever longer names.
 */
export const isPassedOn = (entry: unknown): boolean => isObject(entry) && entry.hosted === true;

/** The base address of the agent whose card is at this URL. */
export const homeOfCard = (url: string): string => url.replace(/\/\.well-known\/[^/]*$/, '');

/** A JSON object, and neither a list nor null. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
