import {
  type InstalledToolType,
  invalid,
  type JsonSchema,
  notFound,
  type ToolConfig,
  type ToolTypes,
} from '../../kit/index.js';
import type { AgentTool } from '../../resources/agent/agent.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import type { Objects } from '../objects.js';
import { withoutPinned } from './pinned-parameters.js';
import { toolName } from './tool-name.js';

/** A tool that a manifest lists, ready to be offered. */
export interface ListedTool {
  /** What the manifest says of it. */
  entry: AgentTool;
  /** As models see it. */
  name: string;
  description: string;
  /** Without what is pinned. */
  offered: JsonSchema;
  type: InstalledToolType;
  /** Its settings are those of the manifest, value sources and all. */
  config: ToolConfig;
}

/** Whose tools they are. */
export interface ToolOwner {
  /** For messages: `agent 'team/writer'`. */
  who: string;
  namespace: string;
}

const NO_ARGUMENTS: JsonSchema = { type: 'object', properties: {} };
const BUILT_IN = ['noop', 'terminate'];

/**
 * Finds every tool of a manifest.
 *
 * @throws `NotFound` for a Tool that does not exist, `Invalid` for a type nobody installed and for a name given twice
 */
export async function listedTools(
  entries: readonly AgentTool[],
  owner: ToolOwner,
  objects: Objects,
  types: ToolTypes,
): Promise<ListedTool[]> {
  const listed = new Map<string, ListedTool>();
  for (const entry of entries) {
    const tool = await listedTool(entry, owner, objects, types);
    const before = listed.get(tool.name);
    if (before && JSON.stringify(before.entry) !== JSON.stringify(entry)) {
      throw invalid(`${owner.who} lists two tools under the name '${tool.name}': give one of them another name`);
    }
    if (!before) listed.set(tool.name, tool);
  }
  return [...listed.values()];
}

async function listedTool(entry: AgentTool, owner: ToolOwner, objects: Objects, types: ToolTypes): Promise<ListedTool> {
  const { tool, exposed } = await lookUp(entry, owner, objects);
  const bare = tool ? configOf(tool) : builtIn(exposed, owner.namespace);
  const type = types.get(bare.type);
  if (!type) {
    const installed = types.names().join(', ') || 'none';
    throw invalid(
      `${owner.who}: tool '${exposed}' has type '${bare.type}', which is not installed; installed: ${installed}`,
    );
  }
  const config = { ...bare, inputSchema: type.tool.inputSchema?.(bare) ?? bare.inputSchema };
  const { description, partial } = entry;
  const pinned = (partial?.parameters ?? []).map(({ name }) => name);
  return {
    entry,
    name: toolName(exposed),
    description: description ?? partial?.description ?? config.description,
    offered: withoutPinned(config.inputSchema, pinned),
    type,
    config,
  };
}

/** Ark changed the meaning of `partial.name` once; which of the two is meant shows in which Tool exists. */
async function lookUp({ type, name, partial }: AgentTool, { who, namespace }: ToolOwner, objects: Objects) {
  const own = name ?? partial?.name ?? '';
  if (type === 'built-in') return { exposed: own };
  if (partial?.name) {
    const tool = await objects.get(Tool, { namespace, name: partial.name });
    if (tool) return { tool, exposed: own };
  }
  const tool = name ? await objects.get(Tool, { namespace, name }) : undefined;
  const exposed = partial?.name ?? own;
  if (tool || (type === 'builtin' && BUILT_IN.includes(own))) return { tool, exposed: tool ? exposed : own };
  throw notFound(`${who}: tool '${namespace}/${own}' does not exist`);
}

function configOf({ metadata, spec }: Tool): ToolConfig {
  const { name, namespace = '', annotations } = metadata;
  const block = (spec as unknown as Record<string, unknown>)[spec.type] ?? spec.options ?? {};
  return {
    name,
    namespace,
    type: spec.type,
    description: spec.description ?? annotations?.description ?? `Calls ${name} (${spec.type})`,
    inputSchema: spec.inputSchema ?? NO_ARGUMENTS,
    hints: { ...spec.annotations },
    settings: block as Record<string, unknown>,
  };
}

function builtIn(name: string, namespace: string): ToolConfig {
  const description =
    name === 'terminate' ? 'Ends the work with a final response' : 'Does nothing and says what it was given';
  return { name, namespace, type: 'builtin', description, inputSchema: NO_ARGUMENTS, hints: {}, settings: { name } };
}
