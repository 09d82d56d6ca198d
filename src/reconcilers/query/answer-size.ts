import type { Query, QueryResponse, QueryStatus } from '../../resources/query/query.resource.js';

/** Bytes of JSON that the answers of a Query may take, together. */
export const MAX_ANSWER_BYTES = 512 * 1024;
/** etcd takes requests of 1.5 MiB; the rest is for what the API server adds, its record of field owners above all. */
const MAX_OBJECT_BYTES = 1.5 * 1024 * 1024 - 32 * 1024;
/** Room for the transcript beside the answer, as a part of the room for answers. */
const TRANSCRIPT_SHARE = 4;
/** Each try to fit leaves so much of the room of the one before. */
const NARROWER = 0.75;
/** Less room than this is not worth another try. */
const LEAST_BYTES = 256;

export interface Answer {
  response: QueryResponse;
  /** The conversation that holds the whole answer. */
  keptIn?: string;
}

/**
 * The status with as much of the answers as the whole object has room for, its spec included: the first answer stands
 * twice in the status, and all of it is one request to the API server.
 */
export function fittingStatus(
  query: Query,
  answers: Answer[],
  statusWith: (responses: QueryResponse[]) => QueryStatus,
): QueryStatus {
  for (let room = MAX_ANSWER_BYTES; ; room *= NARROWER) {
    const status = statusWith(fitAnswers(answers, room));
    if (room < LEAST_BYTES || fits({ ...query, status })) return status;
  }
}

function fits(query: Query): boolean {
  const json = JSON.stringify(query);
  // A UTF-16 unit takes at most three bytes of UTF-8; short texts need no count.
  return json.length * 3 <= MAX_OBJECT_BYTES || Buffer.byteLength(json) <= MAX_OBJECT_BYTES;
}

/** The answers, cut where they are too long, with a sentence that says so. */
function fitAnswers(answers: Answer[], room: number): QueryResponse[] {
  const limit = Math.floor(room / Math.max(1, answers.length));
  return answers.map(({ response, keptIn }) => ({
    ...response,
    content: fitContent(response.content ?? '', limit, keptIn),
    raw: fitRaw(response.raw ?? '[]', Math.floor(limit / TRANSCRIPT_SHARE)),
  }));
}

function fitContent(content: string, limit: number, keptIn: string | undefined): string {
  const size = jsonBytes(content, limit);
  if (size <= limit) return content;
  const whole = keptIn === undefined ? '' : ` The whole answer is in the conversation '${keptIn}'.`;
  const sentence = `\n\n[The answer was cut here: it takes ${size} bytes, and this Query has room for ${limit}.${whole}]`;
  return cut(content, limit - jsonBytes(sentence)) + sentence;
}

/** What a cut answer says of itself. */
export interface CutAnswer {
  /** As much of it as there was room for. */
  begin: string;
  /** The conversation that holds all of it. */
  conversation: string;
}

const CUT =
  /\n\n\[The answer was cut here: it takes \d+ bytes, and this Query has room for \d+\. The whole answer is in the conversation '([^\n]*)'\.\]$/;

/** Reads the sentence at the end of an answer that was cut; undefined for one that is whole, or kept nowhere. */
export function cutIn(content: string): CutAnswer | undefined {
  if (!content.endsWith("'.]")) return undefined;
  const match = CUT.exec(content.slice(-1_000));
  const conversation = match?.[1];
  if (conversation === undefined) return undefined;
  return { begin: content.slice(0, content.length - (match?.[0].length ?? 0)), conversation };
}

/** A transcript cannot be cut and stay JSON; it is left out as a whole. */
function fitRaw(raw: string, limit: number): string {
  if (jsonBytes(raw, limit) <= limit) return raw;
  const content = `[The transcript was left out: this Query has room for ${limit} bytes of it.]`;
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
