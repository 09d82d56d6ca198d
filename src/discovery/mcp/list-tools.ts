import type { Client } from '@modelcontextprotocol/client';
import { invalid, type McpTool, type ToolHints } from '../../kit/index.js';
import type { McpSession } from './mcp-session.js';

/** A server with more tools, or longer ones, is broken or hostile. */
const MOST_TOOLS = 1_000;
const LARGEST_LISTING = 10 << 20;

/** Accepts any object, so that one malformed tool does not hide the others. */
const anyResult: PageSchema = {
  '~standard': { version: 1, vendor: 'nest-ark', validate: (value) => ({ value: value as ListedPage }) },
};

interface ListedPage {
  tools?: unknown;
  nextCursor?: unknown;
}

/** As much of a Standard Schema as the SDK asks for. */
interface PageSchema {
  '~standard': {
    version: 1;
    vendor: string;
    validate(value: unknown): { value: ListedPage };
    types?: { input: unknown; output: ListedPage };
  };
}

interface Limits {
  signal: AbortSignal;
  timeoutMs: number;
}

/** Every tool of the server, whoever may use it. @throws Unavailable, Timeout, Canceled; Invalid when there is no end. */
export function listTools(session: McpSession, timeoutMs: number, signal: AbortSignal): Promise<McpTool[]> {
  const clock = AbortSignal.timeout(timeoutMs);
  const operation = {
    what: 'listing the tools',
    signal: AbortSignal.any([signal, clock]),
    repeatable: true,
    run: (client: Client) => listEveryTool(client, { signal, timeoutMs }),
  };
  return session.use(operation).then((tools) => {
    session.inputSchemas.clear();
    for (const { name, inputSchema } of tools) session.inputSchemas.set(name, inputSchema);
    return tools;
  });
}

async function listEveryTool(client: Client, { signal, timeoutMs }: Limits): Promise<McpTool[]> {
  const found = new Map<string, McpTool>();
  const cursors = new Set<string>();
  let bytes = 0;
  let cursor: string | undefined;
  do {
    const request = { method: 'tools/list', params: cursor === undefined ? {} : { cursor } };
    const page = await client.request(request, anyResult, { signal, timeout: timeoutMs });
    if (!Array.isArray(page.tools)) throw invalid('the answer to tools/list has no list of tools');
    bytes += JSON.stringify(page.tools).length;
    for (const tool of page.tools.map(toolOf)) if (tool && !found.has(tool.name)) found.set(tool.name, tool);
    if (found.size > MOST_TOOLS) throw invalid(`the server has more than ${MOST_TOOLS} tools`);
    if (bytes > LARGEST_LISTING) throw invalid('the list of tools is larger than 10 MiB');
    cursor = typeof page.nextCursor === 'string' ? page.nextCursor : undefined;
    if (cursor !== undefined && cursors.has(cursor))
      throw invalid('the pages of the list of tools go round in circles');
    if (cursor !== undefined) cursors.add(cursor);
    if (cursors.size > MOST_TOOLS) throw invalid(`the list of tools has more than ${MOST_TOOLS} pages`);
  } while (cursor !== undefined);
  return [...found.values()];
}

/** A tool as far as it can be understood; nothing when it has no name to call it by. */
function toolOf(listed: unknown): McpTool | undefined {
  if (!isObject(listed) || typeof listed.name !== 'string' || listed.name === '') return undefined;
  const { name, description, inputSchema, annotations, title } = listed;
  const hints = hintsOf(isObject(annotations) ? annotations : {});
  if (typeof title === 'string') hints.title ??= title;
  return {
    name,
    description: typeof description === 'string' ? description : '',
    // A schema that is none would be refused wherever the tool goes: no promise about the arguments is the truth.
    inputSchema: isObject(inputSchema) ? inputSchema : {},
    hints,
  };
}

function hintsOf(annotations: Record<string, unknown>): ToolHints {
  const hints: ToolHints = {};
  if (typeof annotations.title === 'string') hints.title = annotations.title;
  for (const name of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const) {
    const value = annotations[name];
    if (typeof value === 'boolean') hints[name] = value;
  }
  return hints;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
