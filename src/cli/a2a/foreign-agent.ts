import { notFound } from '../../kit/errors/ark-error.js';
import type { Dialect } from '../conformance/dialect.js';
import { dialectsOf, readCard } from '../conformance/read-card.js';
import type { EngineCard } from '../conformance/trial.js';
import { UsageError } from '../exit-code.js';

/** An agent at an address: its card, and every way to speak to it, the best one first. */
export interface ForeignAgent {
  url: string;
  card: EngineCard;
  dialects: Dialect[];
}

/** @throws UsageError for what is no address; ArkError when nothing answers there, or nothing with a card */
export async function meetAgent(address: string, timeoutMs: number): Promise<ForeignAgent> {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw new UsageError(`"${address}" is not an address; write it like http://localhost:8080/.`);
  }
  const url = address.endsWith('/') ? address : `${address}/`;
  const card = await readCard(url, timeoutMs);
  if (!card)
    throw notFound(`There is no agent card at ${url}.well-known/agent-card.json, nor at agent.json beside it.`);
  return { url, card, dialects: dialectsOf(card, url) };
}
