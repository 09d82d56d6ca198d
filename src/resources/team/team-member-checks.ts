import type { Admitted } from '../admission/admission-rules.js';
import { Agent } from '../agent/agent.resource.js';
import { Team } from './team.resource.js';

/** Members exist, and a team is not its own member. Agents of any engines may work together. */
export async function memberProblems({ object: team, lookup }: Admitted<Team>): Promise<string[]> {
  const problems: string[] = [];
  const namespace = team.metadata.namespace ?? '';
  for (const [index, member] of (team.spec.members ?? []).entries()) {
    const at = `members[${index}]`;
    if (member.type === 'team' && member.name === team.metadata.name) {
      problems.push(`${at}: team "${member.name}" cannot be its own member`);
      continue;
    }
    const found = await lookup.get<Agent | Team>(member.type === 'team' ? Team : Agent, {
      namespace,
      name: member.name,
    });
    if (!found) {
      problems.push(`${at}: ${member.type} "${member.name}" does not exist in namespace "${namespace}"`);
    }
  }
  return problems;
}

/** Strategy selector needs an agent that chooses; the old form names a Model instead. */
export async function selectorAgentProblems({ object: team, lookup }: Admitted<Team>): Promise<string[]> {
  if (team.spec.strategy !== 'selector') return [];
  const { agent, model } = team.spec.selector ?? {};
  if (!agent) return model ? [] : ['strategy selector needs selector.agent, the agent that chooses the next speaker'];
  const namespace = team.metadata.namespace ?? '';
  if (await lookup.get(Agent, { namespace, name: agent })) return [];
  return [`selector.agent: agent "${agent}" does not exist in namespace "${namespace}"`];
}
