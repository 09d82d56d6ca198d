import type { ObjectKey, ResourceReader } from '../../kit/index.js';
import type { AgentTool } from '../../resources/agent/agent.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';

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
