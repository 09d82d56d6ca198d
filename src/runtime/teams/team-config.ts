import { invalid, type TeamConfig, type TeamMember } from '../../kit/index.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Team } from '../../resources/team/team.resource.js';
import type { Objects } from '../objects.js';

/**
 * A Team object as its strategy sees it. Looks at every member, and at the members of teams below, so that what cannot
 * come to an end costs nothing.
 *
 * @throws `NotFound` naming a member that does not exist; `Invalid` for a team without members, and for a circle
 */
export async function teamConfig(team: Team, objects: Objects): Promise<TeamConfig> {
  const { metadata, spec } = team;
  const { name, namespace = '' } = metadata;
  await refuseDeadEnds(team, [], new Set(), objects);
  const members = await membersOf(team, objects);
  const { selector } = spec;
  return {
    name,
    namespace,
    description: spec.description ?? '',
    members,
    loops: spec.loops === true,
    edges: spec.graph?.edges ?? [],
    ...(spec.maxTurns === undefined ? {} : { maxTurns: spec.maxTurns }),
    ...(selector
      ? {
          selector: {
            agent: selector.agent || undefined,
            model: selector.model || undefined,
            prompt: selector.selectorPrompt,
            mayTerminate: selector.enableTerminateTool === true,
            terminatePrompt: selector.terminatePrompt,
          },
        }
      : {}),
  };
}

async function membersOf(team: Team, objects: Objects): Promise<TeamMember[]> {
  const members: TeamMember[] = [];
  for (const { type, name } of team.spec.members ?? []) {
    const found = await member({ type, name }, team, objects);
    members.push({ name, type, description: found.spec?.description ?? '' });
  }
  return members;
}

/** @param done teams whose members need no second look: one that many name would be walked again and again */
async function refuseDeadEnds(
  team: Team,
  above: readonly string[],
  done: Set<string>,
  objects: Objects,
): Promise<void> {
  const { name } = team.metadata;
  const path = [...above, name];
  const listed = team.spec.members ?? [];
  if (listed.length === 0) throw invalid(`${textOf(team)} has no members: list some in spec.members`);
  for (const { type, name: below } of listed) {
    if (path.includes(below) && type === 'team') {
      const circle = [...path.slice(path.indexOf(below)), below].join(' → ');
      throw invalid(`${textOf(team)} cannot run: teams are members of each other in a circle (${circle})`);
    }
    if (done.has(`${type} ${below}`)) continue;
    const found = await member({ type, name: below }, team, objects);
    if (type === 'team') await refuseDeadEnds(found as Team, path, done, objects);
    done.add(`${type} ${below}`);
  }
}

function member({ type, name }: Pick<TeamMember, 'type' | 'name'>, of: Team, objects: Objects): Promise<Agent | Team> {
  const key = { namespace: of.metadata.namespace, name };
  return type === 'team' ? objects.need(Team, key, textOf(of)) : objects.need(Agent, key, textOf(of));
}

const textOf = ({ metadata }: Team) => `team '${metadata.namespace}/${metadata.name}'`;
