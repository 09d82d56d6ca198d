import type { ObjectKey, ResourceReader } from '../../kit/index.js';
import type { Agent, AgentTool } from '../../resources/agent/agent.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';

const MOST_NAMED = 3;

type Objects = Pick<ResourceReader, 'get'>;

/** Tool objects that one entry of the list may mean, first choice first. */
export function toolCandidates(tool: AgentTool, namespace: string | undefined): ObjectKey[] {
  if (tool.type === 'built-in') return [];
  const names = [tool.partial?.name, tool.name].filter((name): name is string => Boolean(name));
  return names.map((name) => ({ namespace, name }));
}

/** The Tool object that an entry means, if there is one. */
export function toolMeant(entry: AgentTool, namespace: string | undefined, objects: Objects): Tool | undefined {
  return toolCandidates(entry, namespace)
    .map((key) => objects.get(Tool, key))
    .find((found) => found !== undefined);
}

/**
 * What keeps some tools of an agent from working, for people. The agent works all the same: its model is told what went
 * wrong when it calls them.
 */
export function toolFaults(agent: Agent, objects: Objects): string | undefined {
  const faults = (agent.spec?.tools ?? []).flatMap((entry) => {
    const tool = toolMeant(entry, agent.metadata.namespace, objects);
    const fault = tool && (stateFault(tool) ?? pinningFault(entry, tool));
    return fault ? [`Tool '${tool.metadata.name}': ${fault}`] : [];
  });
  if (faults.length === 0) return undefined;
  const more = faults.length > MOST_NAMED ? `; and ${faults.length - MOST_NAMED} more` : '';
  return faults.slice(0, MOST_NAMED).join('; ') + more;
}

function stateFault({ status }: Tool): string | undefined {
  const { state = 'Ready', message } = status ?? {};
  return state === 'Ready' ? undefined : (message ?? `its state is ${state}`);
}

/** A pinned parameter that is not in the schema is a slip of the pen, or the schema has changed. */
function pinningFault({ partial }: AgentTool, { spec }: Tool): string | undefined {
  const { properties } = spec.inputSchema ?? {};
  if (typeof properties !== 'object' || properties === null) return undefined;
  const known = Object.keys(properties);
  const unknown = partial?.parameters?.find(({ name }) => !known.includes(name));
  return unknown && `it has no parameter '${unknown.name}' to pin; it has: ${known.join(', ') || 'none'}`;
}
