import { findCondition, type ObjectKey, type ResourceReader, type TeamStrategies } from '../../kit/index.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Model } from '../../resources/model/model.resource.js';
import { Team, type TeamMember } from '../../resources/team/team.resource.js';

/** What keeps a team from being available. */
export interface Lack {
  reason: 'NoMembers' | 'MemberNotFound' | 'MemberNotAvailable' | 'StrategyNotInstalled';
  message: string;
}

export interface Surroundings {
  objects: Pick<ResourceReader, 'get'>;
  strategies: TeamStrategies;
}

/** Those of one type that a team needs, its chooser included. */
export function needed(team: Team, type: TeamMember['type']): ObjectKey[] {
  const { namespace } = team.metadata;
  const members = (team.spec.members ?? []).filter((member) => member.type === type).map(({ name }) => name);
  const chooser = type === 'agent' ? chooserOf(team)?.agent : undefined;
  return [...members, ...(chooser ? [chooser] : [])].map((name) => ({ namespace, name }));
}

/** The Model that chooses, in teams that name no choosing agent. */
export function choosingModel(team: Team): ObjectKey[] {
  const { agent, model } = chooserOf(team) ?? {};
  return !agent && model ? [{ namespace: team.metadata.namespace, name: model }] : [];
}

const chooserOf = ({ spec }: Team) => (spec.strategy === 'selector' ? spec.selector : undefined);

/** The first thing a team lacks: members, one that can work, one that is no circle, who chooses, a strategy. */
export function firstLack(team: Team, { objects, strategies }: Surroundings): Lack | undefined {
  if ((team.spec.members ?? []).length === 0) {
    return { reason: 'NoMembers', message: 'The team has no members: list some in spec.members' };
  }
  const circle = circleThrough(team, objects);
  if (circle) {
    const message = `Teams are members of each other in a circle: ${circle.join(' → ')}; take one of them out`;
    return { reason: 'MemberNotAvailable', message };
  }
  const members = (team.spec.members ?? []).map(({ name }) => name);
  const fieldOf = ({ name }: ObjectKey) => (members.includes(name) ? 'spec.members' : 'spec.selector');
  const agents = needed(team, 'agent').map((key) => lackOf('Agent', key, objects.get(Agent, key), fieldOf(key)));
  const teams = needed(team, 'team').map((key) => lackOf('Team', key, objects.get(Team, key), 'spec.members'));
  const models = choosingModel(team).map((key) => lackOf('Model', key, objects.get(Model, key), 'spec.selector'));
  const lack = [...agents, ...teams, ...models].find((one) => one !== undefined);
  if (lack) return lack;
  const { strategy } = team.spec;
  if (strategies.get(strategy)) return undefined;
  const installed = strategies.names().join(', ') || 'none';
  const message = `No team strategy '${strategy}' is installed; installed: ${installed}`;
  return { reason: 'StrategyNotInstalled', message };
}

type Conditioned = { status?: { conditions?: Parameters<typeof findCondition>[0] } } | undefined;

function lackOf(kind: string, { namespace, name }: ObjectKey, found: Conditioned, field: string): Lack | undefined {
  const who = `${kind} '${namespace}/${name}'`;
  if (!found) return { reason: 'MemberNotFound', message: `${who} does not exist; create it, or change ${field}` };
  const condition = findCondition(found.status?.conditions, kind === 'Model' ? 'ModelAvailable' : 'Available');
  if (condition?.status === 'True') return undefined;
  const because = condition ? condition.message : 'nobody has looked at it yet';
  return { reason: 'MemberNotAvailable', message: `${who} is not available${because ? `: ${because}` : ''}` };
}

/** The way from a team back to itself, by names; undefined when there is none. Every team is looked at once. */
function circleThrough(team: Team, objects: Pick<ResourceReader, 'get'>): string[] | undefined {
  const { name: start, namespace } = team.metadata;
  const seen = new Set<string>();
  const waiting = [{ path: [start], at: team }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const { name } of needed(next.at, 'team')) {
      const path = [...next.path, name];
      if (name === start) return path;
      const below = seen.has(name) ? undefined : objects.get(Team, { namespace, name });
      seen.add(name);
      if (below) waiting.push({ path, at: below });
    }
  }
  return undefined;
}
