import { cardIn, homeOfCard, isPassedOn, linkIn } from '../../kit/a2a/card-list.js';
import { readEntries } from '../../kit/a2a/read-entries.js';
import { ArkError, invalid } from '../../kit/index.js';
import type { FoundAgent } from '../../reconcilers/a2a-server/a2a-discovery.js';
import { agentOf, listedAgentOf, onHost } from './agent-card.js';

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
  let partial = false;
  const look = async (entry: unknown) => {
    try {
      return await agentAt(entry, address, read);
    } catch (error) {
      partial ||= isPassing(error);
      throw error;
    }
  };
  const isOwn = (entry: unknown) => !isPassedOn(entry);
  const { found: agents, problems } = await readEntries(list, look, isOwn);
  if (agents.length === 0) throw invalid(problems.slice(0, 3).join('; ') || emptyText(list));
  return { agents, problems, linked: list.some((entry) => isOwn(entry) && linkIn(entry) !== undefined), partial };
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
