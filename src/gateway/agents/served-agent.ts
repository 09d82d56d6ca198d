import type { AgentSkill } from '@a2a-js/sdk';
import { Agent } from '../../resources/agent/agent.resource.js';
import type { Team } from '../../resources/team/team.resource.js';
import { skillsOf } from './agent-skills.js';

/** An Agent or a Team, as the outside sees it: somebody to talk to. */
export interface ServedAgent {
  /** What a Query's target calls it. */
  type: 'agent' | 'team';
  namespace: string;
  name: string;
  description: string;
  skills: AgentSkill[];
  /** RFC 3339. */
  createdAt: string;
}

/** What Ark's gateway writes for whoever does not describe itself. */
const NO_DESCRIPTION = 'No description';

export function servedAgent(type: ServedAgent['type'], { metadata, spec }: Agent | Team): ServedAgent {
  const { name, namespace = '', annotations, creationTimestamp: createdAt = '' } = metadata;
  const description = spec.description || NO_DESCRIPTION;
  return { type, namespace, name, description, skills: skillsOf(name, annotations), createdAt };
}

export const isAgent = (object: Agent | Team): object is Agent => object.kind === Agent.name;
