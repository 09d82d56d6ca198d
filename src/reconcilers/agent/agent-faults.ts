import { ArkError, errorText, printedNames, type ResourceReader } from '../../kit/index.js';
import type { Agent, AgentTool } from '../../resources/agent/agent.resource.js';
import type { Tool } from '../../resources/tool/tool.resource.js';
import { toolMeant } from './agent-tools.js';

const MOST_NAMED = 3;

/**
 * What is wrong with an agent that works all the same, for people: tools that cannot be called, of which its model is
 * told when it calls them, and names in the prompt that nothing stands for.
 */
export function faultsOf(agent: Agent, objects: Pick<ResourceReader, 'get'>): string | undefined {
  const tools = (agent.spec?.tools ?? []).flatMap((entry) => {
    const tool = toolMeant(entry, agent.metadata.namespace, objects);
    const fault = tool && (stateFault(tool) ?? pinningFault(entry, tool));
    return fault ? [`Tool '${tool.metadata.name}': ${fault}`] : [];
  });
  const faults = [...promptFaults(agent), ...tools];
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

/** A prompt of an agent without parameters is no template: what looks like one is most likely meant as one. */
function promptFaults({ spec }: Agent): string[] {
  const declared = (spec?.parameters ?? []).map(({ name }) => name);
  const becomes = declared.length > 0 ? 'becomes <no value>' : 'is sent as it is';
  try {
    return printedNames(spec?.prompt ?? '')
      .filter((name) => !declared.includes(name))
      .map((name) => `the prompt names {{.${name}}}, which ${becomes}: add it to spec.parameters`);
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    return declared.length > 0 ? [`every Query will fail: ${errorText(error)}`] : [];
  }
}
