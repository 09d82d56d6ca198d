import type { ToolResult } from '../../kit/index.js';

/** Characters of a result that a model gets to read: some 30 000 tokens, and less than what a Query's status can hold. */
const MAX_CHARACTERS = 100_000;

/** Cuts a result that no model could use whole, and says so at its end. */
export function boundedResult(result: ToolResult, limit = MAX_CHARACTERS): ToolResult {
  const { length } = result.text;
  if (length <= limit) return result;
  const kept = result.text.slice(0, limit).toWellFormed();
  return { ...result, text: `${kept}\n[cut here: the result has ${length} characters, the first ${limit} are shown]` };
}
