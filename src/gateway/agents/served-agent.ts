import type { AgentSkill } from '@a2a-js/sdk';
import { Agent } from '../../resources/agent/agent.resource.js';
import { A2A_ENGINE } from '../../resources/labels.js';
import type { Team } from '../../resources/team/team.resource.js';
import { namedSkill, skillsOf } from './agent-skills.js';

/** An Agent or a Team, as the outside sees it: somebody to talk to. */
export interface ServedAgent {
  /** What a Query's target calls it. */
  type: 'agent' | 'team';
  namespace: string;
  name: string;
  description: string;
  skills: AgentSkill[];
  /** What it works with: the tools of an agent, the members of a team. */
  inside: AgentSkill[];
  /** RFC 3339. */
  createdAt: string;
  /** Whether it lives on an A2A server elsewhere. */
  hosted: boolean;
}

/** What Ark's gateway writes for whoever does not describe itself. */
const NO_DESCRIPTION = 'No description';

export function servedAgent(type: ServedAgent['type'], object: Agent | Team): ServedAgent {
  const { metadata, spec } = object;
  const { name, namespace = '', annotations, creationTimestamp: createdAt = '' } = metadata;
  const description = spec.description || NO_DESCRIPTION;
  const inside = isAgent(object) ? toolsOf(object) : membersOf(object);
  const hosted = isAgent(object) && object.spec.executionEngine?.name === A2A_ENGINE;
  return { type, namespace, name, description, skills: skillsOf(name, annotations), inside, createdAt, hosted };
}

const toolsOf = ({ spec }: Agent): AgentSkill[] =>
  (spec.tools ?? []).map(({ name, partial, description }) => {
    const tool = name ?? partial?.name ?? '';
    return namedSkill(`tool-${tool}`, tool, description || `Calls the tool ${tool}`, 'tool');
  });

const membersOf = ({ spec }: Team): AgentSkill[] =>
  (spec.members ?? []).map(({ type, name }) =>
    namedSkill(`member-${name}`, name, `Asks the ${type} ${name}`, 'member'),
  );

export const isAgent = (object: Agent | Team): object is Agent => object.kind === Agent.name;
