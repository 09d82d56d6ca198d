import type { ToolResult } from '../../kit/index.js';

/** Characters of a result that a model gets to read: some 30 000 tokens, and less than what a Query's status can hold. */
const MAX_CHARACTERS = 100_000;

const MOST_IMAGES = 8;
/** Characters of base64, about 5 MiB of image. */
const LARGEST_IMAGE = 7 << 20;

/** Cuts a result that no model could use whole, and says so at its end. */
export function boundedResult(result: ToolResult, limit = MAX_CHARACTERS): ToolResult {
  const { images, ...rest } = result;
  const small = images?.filter(({ data }) => data.length <= LARGEST_IMAGE).slice(0, MOST_IMAGES) ?? [];
  const lost = (images?.length ?? 0) - small.length;
  const missing =
    lost > 0 ? `\n[${lost} of ${images?.length} images left out: at most ${MOST_IMAGES} of 5 MiB are shown]` : '';
  return { ...rest, text: bounded(result.text, limit) + missing, ...(small.length > 0 ? { images: small } : {}) };
}

function bounded(text: string, limit: number): string {
  const { length } = text;
  if (length <= limit) return text;
  const kept = text.slice(0, limit).toWellFormed();
  return `${kept}\n[cut here: the result has ${length} characters, the first ${limit} are shown]`;
}
