import type { Admitted } from '../admission/admission-rules.js';
import { Agent } from '../agent/agent.resource.js';
import { A2A_ENGINE, COMPLETIONS_ENGINE } from '../labels.js';
import { Team, type TeamMember } from './team.resource.js';

/** Members exist, a team is not its own member, and agents of named engines are not mixed with the others. */
export async function memberProblems({ object: team, lookup }: Admitted<Team>): Promise<string[]> {
  const problems: string[] = [];
  const namespace = team.metadata.namespace ?? '';
  let first: { member: TeamMember; engine: string | undefined } | undefined;
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
    } else if (member.type === 'agent') {
      const engine = namedEngine(found as Agent);
      first ??= { member, engine };
      if (Boolean(first.engine) !== Boolean(engine)) problems.push(mixedText(at, first, { member, engine }));
    }
  }
  return problems;
}

/** The engine of an agent that some other runtime runs. */
function namedEngine(agent: Agent): string | undefined {
  const name = agent.spec?.executionEngine?.name;
  return name === A2A_ENGINE || name === COMPLETIONS_ENGINE ? undefined : name;
}

type Seat = { member: TeamMember; engine: string | undefined };

function mixedText(at: string, first: Seat, other: Seat): string {
  const text = ({ member, engine }: Seat) =>
    engine ? `agent "${member.name}" runs on engine "${engine}"` : `agent "${member.name}" runs on no named engine`;
  return `${at}: a team cannot mix agents of named engines with others: ${text(first)}, ${text(other)}`;
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
