import { cardIn, homeOfCard, isObject, linkIn } from '../../kit/a2a/card-list.js';
import { chosenDoor, offeredDoors } from '../../kit/a2a/offered-doors.js';
import { readEntries } from '../../kit/a2a/read-entries.js';
import { invalid, notFound } from '../../kit/errors/ark-error.js';
import type { Dialect } from '../conformance/dialect.js';
import { dialectsOf } from '../conformance/read-card.js';
import type { EngineCard } from '../conformance/trial.js';
import type { Wire } from '../conformance/wire.js';

/** An agent at an address: its card, and every way to speak to it, the best one first. */
export interface ForeignAgent {
  url: string;
  card: EngineCard;
  dialects: Dialect[];
}

export interface ForeignAgents {
  agents: ForeignAgent[];
  /** Whether they came as a list. */
  listed: boolean;
  /** Of entries of the list that cannot be used. */
  problems: string[];
}

type Read = (url: string) => Promise<unknown>;

export const agentWith = (card: EngineCard, url: string, wire: Wire): ForeignAgent => ({
  ...{ card, url },
  dialects: dialectsOf(card, url, wire),
});

/**
 * The agents of a list of cards, or of a catalogue that says where they are; of those that cannot be used, why.
 *
 * @throws NotFound when the list is empty
 */
export async function listedAgents(list: unknown[], url: string, read: Read, wire: Wire): Promise<ForeignAgents> {
  if (list.length === 0) throw notFound(`The list of agents at ${url} is empty.`);
  const { found: agents, problems } = await readEntries(list, async (entry) => {
    const { card, at } = await cardOf(entry, url, read);
    return agentWith(card, at, wire);
  });
  return { agents, listed: true, problems };
}

async function cardOf(entry: unknown, url: string, read: Read): Promise<{ card: EngineCard; at: string }> {
  const link = linkIn(entry);
  if (link === undefined) {
    const card = cardIn(entry);
    if (!isObject(card)) throw invalid('the agent card is not a JSON object');
    return { card, at: homeOf(card, url) };
  }
  const from = onHost(link, url);
  const card = from && (await read(from));
  if (!isObject(card)) throw invalid(`there is no agent card at ${from ?? link}`);
  return { card, at: homeOfCard(from ?? url) };
}

/** Where an agent of a list is called: the path of its card, on the host that was asked. */
function homeOf(card: EngineCard, url: string): string {
  const door = chosenDoor({ ...card }) ?? offeredDoors({ ...card })[0];
  const at = door && onHost(door.url, url);
  if (!at) throw invalid('the card has no url');
  return at;
}

/** The path of an address on the host that was asked. */
function onHost(named: string, url: string): string | undefined {
  const at = URL.parse(named, url);
  return at ? new URL(at.pathname, url).href : undefined;
}
