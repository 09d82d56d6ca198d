import { Agent, type AgentTool } from '../../resources/agent/agent.resource.js';
import type { QueryTarget } from '../../resources/shared/reference.js';
import { Team } from '../../resources/team/team.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import type { Objects } from '../objects.js';

type Reached = Pick<QueryTarget, 'type' | 'name'>;

/**
 * Whether work on the targets of a Query can lead to an agent: as a member or chooser of a team, or through a tool. An
 * engine acts for nobody else in a Query's name. Circles are walked once.
 */
export async function reaches(from: Reached[], agent: string, namespace: string, objects: Objects): Promise<boolean> {
  const seen = new Set<string>();
  const waiting = [...from];
  for (let one = waiting.shift(); one; one = waiting.shift()) {
    if (one.type === 'agent' && one.name === agent) return true;
    const id = `${one.type} ${one.name}`;
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...(await nextOf(one, namespace, objects)));
  }
  return false;
}

async function nextOf({ type, name }: Reached, namespace: string, objects: Objects): Promise<Reached[]> {
  const key = { namespace, name };
  if (type === 'team') {
    const { members = [], selector } = (await objects.get(Team, key))?.spec ?? {};
    return [...members, ...(selector?.agent ? [{ type: 'agent' as const, name: selector.agent }] : [])];
  }
  if (type === 'tool') {
    const { agent, team } = (await objects.get(Tool, key))?.spec ?? {};
    return [
      ...(agent?.name ? [{ type: 'agent' as const, name: agent.name }] : []),
      ...(team?.name ? [{ type: 'team' as const, name: team.name }] : []),
    ];
  }
  const tools = type === 'agent' ? ((await objects.get(Agent, key))?.spec?.tools ?? []) : [];
  return tools.flatMap(toolNames).map((tool) => ({ type: 'tool', name: tool }));
}

/** Either name of an entry may be that of the Tool object. */
const toolNames = ({ name, partial }: AgentTool): string[] =>
  [name, partial?.name].filter((one): one is string => Boolean(one));
