import { isDeepStrictEqual } from 'node:util';
import { errorText, type McpTool, type ReconcileContext } from '../../kit/index.js';
import type { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { isAdoptable, isOwnedBy, wantedTools } from './mcp-tools.js';

/** Writes at once; a server may have hundreds of tools. */
const BATCH = 32;
const MOST_NAMED = 3;

/**
 * Makes the Tool objects of a server those it lists, writing only what differs. One that cannot be written does not
 * keep the others from being written.
 *
 * @returns what went wrong, for people
 */
export async function writeTools(
  server: MCPServer,
  tools: readonly McpTool[],
  context: ReconcileContext,
): Promise<string | undefined> {
  const wanted = wantedTools(server, tools);
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  const { namespace } = server.metadata;
  const gone = context
    .list(Tool, { namespace })
    .filter((tool) => isOwnedBy(tool, server) && !names.has(tool.metadata.name));
  const problems: string[] = [];
  const attempt = async (tool: Tool, write: () => Promise<unknown>) => {
    try {
      await write();
    } catch (error) {
      problems.push(`tool '${tool.metadata.name}': ${errorText(error)}`);
    }
  };
  await inBatches(wanted, (tool) => attempt(tool, () => writeTool(server, tool, context)));
  await inBatches(gone, (tool) => attempt(tool, () => context.delete(tool)));
  if (problems.length === 0) return undefined;
  const more = problems.length > MOST_NAMED ? `; and ${problems.length - MOST_NAMED} more` : '';
  return problems.sort().slice(0, MOST_NAMED).join('; ') + more;
}

async function writeTool(server: MCPServer, tool: Tool, context: ReconcileContext): Promise<void> {
  const { name, namespace } = tool.metadata;
  const existing = context.get(Tool, { namespace, name });
  if (existing && !isOwnedBy(existing, server) && !isAdoptable(existing, server)) {
    throw new Error(`a Tool of this name exists and is not this server's; delete it, or rename the MCPServer`);
  }
  if (!existing || differs(existing, tool)) await context.apply(tool);
}

/** Whether an existing object lacks anything of the wanted one. */
function differs(existing: Tool, { spec, metadata }: Tool): boolean {
  const lacks = (have: Record<string, string> = {}, want: Record<string, string> = {}) =>
    Object.entries(want).some(([key, value]) => have[key] !== value);
  return (
    !isDeepStrictEqual(existing.spec, spec) ||
    lacks(existing.metadata.labels, metadata.labels) ||
    lacks(existing.metadata.annotations, metadata.annotations) ||
    !isDeepStrictEqual(existing.metadata.ownerReferences, metadata.ownerReferences)
  );
}

async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH) {
    await Promise.all(items.slice(start, start + BATCH).map(work));
  }
}
