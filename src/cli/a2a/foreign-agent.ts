import { listIn } from '../../kit/a2a/card-list.js';
import { notFound } from '../../kit/errors/ark-error.js';
import { readCard, readJson } from '../conformance/read-card.js';
import type { EngineCard } from '../conformance/trial.js';
import { type Wire, wireWith } from '../conformance/wire.js';
import { parseDuration } from '../duration.js';
import { UsageError } from '../exit-code.js';
import { type HeaderFlags, headersIn } from './header-flags.js';
import { agentWith, type ForeignAgent, type ForeignAgents, listedAgents } from './listed-agents.js';

/** Flags of every command that looks for agents. */
export interface MeetingFlags extends HeaderFlags {
  timeout: string;
}

/**
 * The agents at an address: of its card, or of the list of cards that is there, or at the address itself.
 *
 * @throws UsageError for what is no address; ArkError when nothing answers there, or nothing with a card
 */
export async function meetAgents(address: string, flags: MeetingFlags): Promise<ForeignAgents> {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw new UsageError(`"${address}" is not an address; write it like http://localhost:8080/.`);
  }
  const timeoutMs = parseDuration(flags.timeout);
  const wire = wireWith(headersIn(flags));
  const { origin, pathname } = new URL(address);
  const url = `${origin}${pathname.replace(/\/*$/, '/')}`;
  const found =
    (await readCard(url, wire, timeoutMs)) ??
    (await listAt(`${url}.well-known/agent-card.json`, wire, timeoutMs)) ??
    (await listAt(address, wire, timeoutMs));
  if (!found)
    throw notFound(`There is no agent card at ${url}.well-known/agent-card.json, nor at agent.json beside it.`);
  const list = listIn(found);
  if (!list) return { agents: [agentWith(found as EngineCard, url, wire)], listed: false, problems: [] };
  return listedAgents(list, url, (link) => readJson(link, wire, timeoutMs), wire);
}

/** The one agent that is meant. @throws UsageError where several are there and none, or nobody, is named */
export function theAgent({ agents, problems }: ForeignAgents, name: string | undefined): ForeignAgent {
  if (agents.length === 0) throw notFound(`No agent at this address can be spoken to: ${problems.join('; ')}`);
  const meant = name === undefined ? agents : agents.filter(({ card }) => card.name === name);
  const [agent] = meant;
  if (agent && meant.length === 1) return agent;
  const names = agents.map(({ card }) => `"${String(card.name)}"`).join(', ');
  throw new UsageError(`There are ${agents.length} agents at this address: choose one with --agent: ${names}.`);
}

async function listAt(url: string, wire: Wire, timeoutMs: number): Promise<unknown> {
  const document = await readJson(url, wire, timeoutMs);
  return listIn(document) && document;
}
