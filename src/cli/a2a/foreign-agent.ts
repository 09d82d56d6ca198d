import { notFound, unavailable } from '../../kit/errors/ark-error.js';
import type { Dialect } from '../conformance/dialect.js';
import { dialectsOf, readCard, readJson } from '../conformance/read-card.js';
import type { EngineCard } from '../conformance/trial.js';
import { type Wire, wireWith } from '../conformance/wire.js';
import { parseDuration } from '../duration.js';
import { UsageError } from '../exit-code.js';
import { type HeaderFlags, headersIn } from './header-flags.js';

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
}

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
  if (!list)
    return {
      agents: [{ url, card: found as EngineCard, dialects: dialectsOf(found as EngineCard, url, wire) }],
      listed: false,
    };
  const agents = list.map((card) => ({ card, url: homeOf(card, url) }));
  if (agents.length === 0) throw notFound(`The list of agents at ${url} is empty.`);
  return {
    agents: agents.map((agent) => ({ ...agent, dialects: dialectsOf(agent.card, agent.url, wire) })),
    listed: true,
  };
}

/** The one agent that is meant. @throws UsageError where several are there and none, or nobody, is named */
export function theAgent({ agents }: ForeignAgents, name: string | undefined): ForeignAgent {
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

/** The cards of a document that is a list of them: bare, under `agents`, or each under `card`. */
function listIn(document: unknown): EngineCard[] | undefined {
  const { agents, name } = (document ?? {}) as { agents?: unknown; name?: unknown };
  const list = Array.isArray(document) ? document : name === undefined && Array.isArray(agents) ? agents : undefined;
  return list?.filter(isObject).map((entry) => (isObject(entry.card) ? entry.card : entry));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where an agent of a list is called: the path of its card, on the host that was asked. */
function homeOf(card: EngineCard, url: string): string {
  const named = card.supportedInterfaces?.[0]?.url ?? card.url;
  const at = typeof named === 'string' ? URL.parse(named, url) : null;
  if (!at) throw unavailable(`The card of "${String(card.name)}" has no url.`, { reason: 'BadCard' });
  return new URL(at.pathname, url).href;
}
