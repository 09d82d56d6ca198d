import type { QueryResponse } from '../../resources/query/query.resource.js';

/**
 * Bytes of JSON that the answers of a Query may take, together. The first answer stands twice in the status, and etcd
 * takes requests of 1.5 MiB.
 */
export const MAX_ANSWER_BYTES = 512 * 1024;
/** Room for the transcript beside the answer, as a part of the above. */
const TRANSCRIPT_SHARE = 4;

/** The answers, cut where they are too long for a status, with a sentence that says so. */
export function fitAnswers(responses: QueryResponse[]): QueryResponse[] {
  const limit = Math.floor(MAX_ANSWER_BYTES / Math.max(1, responses.length));
  return responses.map((response) => ({
    ...response,
    content: fitContent(response.content ?? '', limit),
    raw: fitRaw(response.raw ?? '[]', Math.floor(limit / TRANSCRIPT_SHARE)),
  }));
}

function fitContent(content: string, limit: number): string {
  const size = jsonBytes(content, limit);
  if (size <= limit) return content;
  const sentence = `\n\n[The answer was cut here: it takes ${size} bytes, and a Query keeps at most ${limit}.]`;
  return cut(content, limit - jsonBytes(sentence)) + sentence;
}

/** A transcript cannot be cut and stay JSON; it is left out as a whole. */
function fitRaw(raw: string, limit: number): string {
  if (jsonBytes(raw, limit) <= limit) return raw;
  const content = `[The transcript was left out: a Query keeps at most ${limit} bytes of it.]`;
  return JSON.stringify([{ role: 'assistant', content }]);
}

function cut(text: string, limit: number): string {
  // The quotes alone take two bytes.
  if (limit <= 2) return '';
  let kept = text;
  for (let size = jsonBytes(kept); size > limit; size = jsonBytes(kept)) {
    kept = kept.slice(0, Math.floor((kept.length * limit) / size));
  }
  // Half of a surrogate pair is no character.
  return /[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept;
}

/** Bytes as part of a JSON document. A text far below the limit is not measured: its length is enough to know. */
function jsonBytes(text: string, limit = 0): number {
  // No UTF-16 unit takes more than six bytes of JSON (\u0000).
  if (text.length * 6 <= limit) return text.length;
  return Buffer.byteLength(JSON.stringify(text));
}
