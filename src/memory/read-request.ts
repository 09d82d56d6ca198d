import { type ChatMessage, invalid } from '../kit/index.js';
import type { NewMessages } from '../storage/messages.js';

const DEFAULT_LIMIT = 100;
const MOST = 1000;
const LONGEST_ID = 512;
const LONGEST_TTL_SECONDS = 2_000_000_000;

/** What a client may write after the question mark; every value is a text. */
export type QueryString = Record<string, string | string[] | undefined>;

export interface PageRequest {
  after: number;
  /** Whether the client named a place to begin at. */
  resumes: boolean;
  limit: number;
}

export function readPaging(query: QueryString): PageRequest {
  const limit = wholeNumber(query, 'limit') ?? DEFAULT_LIMIT;
  if (limit < 1 || limit > MOST) {
    throw invalid(`limit is ${limit}; valid: 1 to ${MOST}`, { reason: 'PAGINATION_ERROR' });
  }
  const cursor = wholeNumber(query, 'cursor');
  return { after: cursor ?? 0, resumes: cursor !== undefined, limit };
}

function wholeNumber(query: QueryString, name: string): number | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) {
    throw invalid(`${name} must be one whole number`, { reason: 'PAGINATION_ERROR' });
  }
  return Number(text);
}

/** The namespace of a request: in the path, else `?namespace=`, else `default`. */
export function readNamespace(path: string | undefined, query: QueryString): string {
  const namespace = path ?? one(query, 'namespace') ?? 'default';
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) return namespace;
  throw invalid(`namespace is "${namespace.slice(0, 80)}"; valid: the name of a namespace`);
}

/** A value that may be given once. */
export function one(query: QueryString, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = query[name];
    if (Array.isArray(value)) throw invalid(`${name} may be given once`);
    if (value !== undefined && value !== '') return readId(value, name);
  }
  return undefined;
}

/** An id that clients made up. Throws `Invalid` for what no database should keep as one. */
export function readId(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(`${name} must be a text`);
  if (value.length > LONGEST_ID) throw invalid(`${name} is longer than ${LONGEST_ID} characters`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  if (/[\u0000-\u001f\u007f]/.test(value)) throw invalid(`${name} holds control characters`);
  return value;
}

/** The body of `POST /messages`, in the names of any generation. */
export function readNewMessages(namespace: string, body: unknown): NewMessages {
  if (typeof body !== 'object' || body === null) throw invalid('the body must be a JSON object');
  const { conversation_id, session_id, query_id, messages, ttl_seconds } = body as Record<string, unknown>;
  if (!Array.isArray(messages)) throw invalid('messages must be a list of chat messages');
  return {
    namespace,
    conversationId: readId(conversation_id ?? session_id, 'conversation_id'),
    queryId: readId(query_id, 'query_id'),
    messages: messages.map(readMessage),
    ...(ttl_seconds === undefined ? {} : { ttlSeconds: readTtl(ttl_seconds) }),
  };
}

function readMessage(message: unknown, index: number): string {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw invalid(`messages[${index}] must be a chat message, e.g. {"role": "user", "content": "Hi"}`);
  }
  if (typeof (message as Partial<ChatMessage>).role !== 'string') throw invalid(`messages[${index}].role is missing`);
  return JSON.stringify(message);
}

function readTtl(value: unknown): number {
  const valid = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LONGEST_TTL_SECONDS;
  if (valid) return value;
  throw invalid(`ttl_seconds must be a whole number from 1 to ${LONGEST_TTL_SECONDS}`);
}
