import { cardIn, homeOfCard, isObject, isPassedOn, linkIn } from '../../kit/a2a/card-list.js';
import { ArkError, errorText, invalid } from '../../kit/index.js';
import type { FoundAgent } from '../../reconcilers/a2a-server/a2a-discovery.js';
import { agentOf, listedAgentOf, onHost } from './agent-card.js';

/** A list may name so many agents. */
const MOST_AGENTS = 500;
/** Cards that are read at once. */
const AT_ONCE = 8;

/** Agents of a list, and why others of it cannot be used. */
export interface ListedAgents {
  agents: FoundAgent[];
  problems: string[];
  /** Whether cards were read besides the list: then its version says nothing of them. */
  linked: boolean;
  /** Whether there may be more agents: a card could not be read just now. */
  partial: boolean;
}

/** Statuses of a card that is not there any more. */
const GONE = [404, 410];

/**
 * The agents of a list of cards, or of a catalogue that says where the cards are. All are on the host that the list came
 * from.
 *
 * @param read gets the document at a URL of that host
 * @throws Invalid when none of them can be used
 */
export async function agentsIn(
  list: readonly unknown[],
  address: string,
  read: (url: string) => Promise<unknown>,
): Promise<ListedAgents> {
  if (list.length > MOST_AGENTS) throw invalid(`the list names ${list.length} agents; at most ${MOST_AGENTS} are read`);
  const agents: FoundAgent[] = [];
  const problems: string[] = [];
  let partial = false;
  const own = [...list.entries()].filter(([, entry]) => !isPassedOn(entry));
  const look = async ([index, entry]: [number, unknown]) => {
    try {
      return await agentAt(entry, address, read);
    } catch (error) {
      partial ||= isPassing(error);
      return `agent ${index + 1} of the list${namedIn(entry)}: ${errorText(error)}`;
    }
  };
  for (let start = 0; start < own.length; start += AT_ONCE) {
    for (const found of await Promise.all(own.slice(start, start + AT_ONCE).map(look))) {
      if (typeof found === 'string') problems.push(found);
      else agents.push(found);
    }
  }
  if (agents.length === 0) throw invalid(problems.slice(0, 3).join('; ') || emptyText(list));
  return { agents, problems, linked: own.some(([, entry]) => linkIn(entry) !== undefined), partial };
}

async function agentAt(entry: unknown, address: string, read: (url: string) => Promise<unknown>): Promise<FoundAgent> {
  const link = linkIn(entry);
  if (link === undefined) return listedAgentOf(cardIn(entry), address);
  const url = onHost(link, address);
  return agentOf(await read(url), homeOfCard(url)).agent;
}

/** Whether the failure says nothing of the agent: its card may be there again the next time. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof ArkError) || (error.family === 'Unavailable' && !GONE.includes(Number(error.details.status)));

const emptyText = ({ length }: readonly unknown[]) =>
  length === 0 ? 'the list of agents is empty' : 'the list names only agents that live elsewhere';

function namedIn(entry: unknown): string {
  const card = cardIn(entry);
  return isObject(card) && typeof card.name === 'string' ? ` ('${card.name.slice(0, 100)}')` : '';
}
