import type { A2AServer, AgentNamePrefix } from '../../resources/a2a-server/a2a-server.resource.js';
import type { Agent } from '../../resources/agent/agent.resource.js';
import {
  A2A_AGENT_NAME_PREFIX,
  A2A_ENGINE,
  A2A_PUSH_SUPPORTED,
  A2A_SERVER_ADDRESS,
  A2A_SERVER_ENDPOINT,
  A2A_SERVER_LABEL,
  A2A_SERVER_NAME,
  A2A_SERVER_SKILLS,
  A2A_STREAMING_SUPPORTED,
  ARK_PREFIX,
} from '../../resources/labels.js';
import { labelValue } from '../../resources/values/label-value.js';
import type { NamedAgent } from './named-agents.js';

/** Characters of an agent's description; prompt and description of an object hold it both. */
const LONGEST_DESCRIPTION = 32_768;
/** Characters of the skills annotation; Kubernetes takes 256 KiB for all annotations of an object. */
const LONGEST_SKILLS = 65_536;

/** The Agent object of one agent of a server. */
export function agentObject(
  { apiVersion, kind, metadata }: A2AServer,
  { name, agent }: NamedAgent,
  prefix: AgentNamePrefix,
): Agent {
  const { name: serverName, namespace, uid = '' } = metadata;
  const inherited = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith(ARK_PREFIX));
  const description = agent.description.slice(0, LONGEST_DESCRIPTION);
  return {
    apiVersion: 'ark.mckinsey.com/v1alpha1',
    kind: 'Agent',
    metadata: {
      name,
      namespace,
      labels: { [A2A_SERVER_LABEL]: labelValue(serverName) },
      annotations: {
        [A2A_SERVER_NAME]: serverName,
        [A2A_SERVER_ADDRESS]: agent.address,
        [A2A_SERVER_SKILLS]: skillsText(agent.skills),
        [A2A_STREAMING_SUPPORTED]: String(agent.streaming),
        ...(agent.pushes ? { [A2A_PUSH_SUPPORTED]: 'true' } : {}),
        ...(agent.endpoint ? { [A2A_SERVER_ENDPOINT]: JSON.stringify(agent.endpoint) } : {}),
        ...Object.fromEntries(inherited),
        ...(prefix === 'always' ? { [A2A_AGENT_NAME_PREFIX]: prefix } : {}),
      },
      // Not the controller: people may own the agent besides.
      ownerReferences: [{ apiVersion, kind, name: serverName, uid }],
    },
    spec: {
      description,
      prompt: `You are ${agent.name}. ${description}`.trimEnd(),
      executionEngine: { name: A2A_ENGINE },
    },
  };
}

/** The skills as JSON; of too many, what people look for: their names and what they do. */
function skillsText(skills: readonly unknown[]): string {
  const whole = JSON.stringify(skills);
  if (whole.length <= LONGEST_SKILLS) return whole;
  const short = skills.map((skill) => {
    const { id, name, description } = skill as Record<string, unknown>;
    return { id: brief(id), name: brief(name), description: brief(description) };
  });
  while (JSON.stringify(short).length > LONGEST_SKILLS) short.length = Math.floor(short.length * 0.8);
  return JSON.stringify(short);
}

const brief = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : undefined);
