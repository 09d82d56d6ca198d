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
  const members = await membersOf(team, [], objects);
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

async function membersOf(team: Team, above: readonly string[], objects: Objects): Promise<TeamMember[]> {
  const { name, namespace = '' } = team.metadata;
  const who = `team '${namespace}/${name}'`;
  const path = [...above, name];
  const listed = team.spec.members ?? [];
  if (listed.length === 0) throw invalid(`${who} has no members: list some in spec.members`);
  const members: TeamMember[] = [];
  for (const { type, name: member } of listed) {
    const key = { namespace, name: member };
    const found = type === 'team' ? await objects.need(Team, key, who) : await objects.need(Agent, key, who);
    if (type === 'team') {
      if (path.includes(member)) {
        const circle = [...path.slice(path.indexOf(member)), member].join(' → ');
        throw invalid(`${who} cannot run: teams are members of each other in a circle (${circle})`);
      }
      await membersOf(found as Team, path, objects);
    }
    members.push({ name: member, type, description: found.spec?.description ?? '' });
  }
  return members;
}
