import type { ServedAgent } from './served-agent.js';

/** One line of the list of agents, as Ark's gateway writes it. */
export interface AgentListing {
  name: string;
  description: string;
  /** The names of its skills. */
  capabilities: string[];
  host: string;
  'agent-card': string;
  created_at: string;
  metadata: { type: string; version: string };
  /** Present for agents that live elsewhere: who reads the list in order to host its agents gets them from there. */
  hosted?: true;
}

/** @param base up to the agent's name, without a slash at the end */
export const listingOf = (
  { name, type, description, skills, createdAt, hosted }: ServedAgent,
  base: string,
): AgentListing => ({
  name,
  description,
  capabilities: skills.map((skill) => skill.name),
  host: new URL(base).hostname,
  'agent-card': `${base}/${name}/.well-known/agent.json`,
  created_at: createdAt,
  metadata: { type, version: '1.0.0' },
  ...(hosted ? { hosted } : {}),
});
