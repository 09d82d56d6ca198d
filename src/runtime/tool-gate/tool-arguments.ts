import { invalid, schemaProblems } from '../../kit/index.js';
import type { ListedTool } from './listed-tools.js';

/** The arguments as the model wrote them. Throws `Invalid` for anything but a JSON object; no text is no argument. */
export function parsedArguments(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(`the arguments are not JSON: ${(error as Error).message}. Send one JSON object`);
  }
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid('the arguments must be a JSON object');
}

/** What the model sent, without what it has no say in: pinned values may be secret. */
export const unpinned = (given: Record<string, unknown>, pinned: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(pinned, name)));

/** What is pinned wins, whatever the model sent. Throws `Invalid` when the whole does not fit the tool's schema. */
export async function mergedArguments(
  tool: ListedTool,
  given: Record<string, unknown>,
  pinned: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const args = { ...given, ...pinned };
  const problems = await schemaProblems(tool.config.inputSchema, args, `the inputSchema of tool '${tool.config.name}'`);
  if (problems.length === 0) return args;
  throw invalid(`the arguments do not fit the tool's schema: ${problems.join('; ')}`);
}
