import { eventData } from '../server-sent-events.js';
import { EXTENSION, type QueryName, REFERENCE } from './answer.js';
import type { Wire } from './wire.js';

/** A message to be sent. */
export interface Words {
  text: string;
  messageId: string;
  contextId?: string;
  /** The task that goes on with these words. Absent: none is said. */
  taskId?: string;
  /** Absent: the message names no Query. */
  query?: QueryName;
}

/** One way of speaking to an engine: a protocol version and a transport. */
export interface Dialect {
  name: string;
  send(words: Words, signal: AbortSignal): Promise<Reply>;
  /** Calls back for each event; resolves when the stream has ended. */
  stream(words: Words, signal: AbortSignal, onEvent: (reply: Reply) => void): Promise<Reply | undefined>;
  cancel(taskId: string, signal: AbortSignal): Promise<Reply>;
  getTask(taskId: string, signal: AbortSignal): Promise<Reply>;
}

/** What came back: a result, or an error with the code of its protocol. */
export interface Reply {
  id?: unknown;
  result?: unknown;
  error?: { code?: unknown; message?: unknown };
}

/** What differs between the JSON-RPC of 0.3 and that of 1.0. */
interface RpcWords {
  name: string;
  headers: Record<string, string>;
  methods: { send: string; stream: string; get: string; cancel: string };
  message(words: Words): object;
  configuration: object;
}

const metadataOf = ({ query }: Words) => ({
  extensions: [EXTENSION],
  ...(query ? { metadata: { [REFERENCE]: query } } : {}),
});
const messageOf = (words: Words) => ({
  messageId: words.messageId,
  ...(words.contextId ? { contextId: words.contextId } : {}),
  ...(words.taskId ? { taskId: words.taskId } : {}),
  ...metadataOf(words),
});
const currentMessage = (words: Words) => ({ role: 'ROLE_USER', parts: [{ text: words.text }], ...messageOf(words) });

const CURRENT_HEADERS = { 'a2a-version': '1.0', 'a2a-extensions': EXTENSION };

const LEGACY: RpcWords = {
  name: '0.3 JSON-RPC',
  headers: { 'x-a2a-extensions': EXTENSION },
  methods: { send: 'message/send', stream: 'message/stream', get: 'tasks/get', cancel: 'tasks/cancel' },
  message: (words) => ({
    kind: 'message',
    role: 'user',
    parts: [{ kind: 'text', text: words.text }],
    ...messageOf(words),
  }),
  configuration: { blocking: true },
};
const CURRENT: RpcWords = {
  name: '1.0 JSON-RPC',
  headers: CURRENT_HEADERS,
  methods: { send: 'SendMessage', stream: 'SendStreamingMessage', get: 'GetTask', cancel: 'CancelTask' },
  message: currentMessage,
  configuration: {},
};

export const legacyRpc = (url: string, wire: Wire) => rpcDialect(url, wire, LEGACY);
export const currentRpc = (url: string, wire: Wire) => rpcDialect(url, wire, CURRENT);

function rpcDialect(url: string, wire: Wire, rpc: RpcWords): Dialect {
  let calls = 0;
  const post = (method: string, params: object, signal: AbortSignal) => {
    calls += 1;
    const body = JSON.stringify({ jsonrpc: '2.0', id: `call-${calls}`, method, params });
    return { id: `call-${calls}`, response: request(wire, url, { headers: rpc.headers, body, signal }) };
  };
  const call = async (method: string, params: object, signal: AbortSignal) => {
    const { id, response } = post(method, params, signal);
    return checkedId(await readReply(await response), id);
  };
  const params = (words: Words) => ({ message: rpc.message(words), configuration: rpc.configuration });
  return {
    name: rpc.name,
    send: (words, signal) => call(rpc.methods.send, params(words), signal),
    getTask: (id, signal) => call(rpc.methods.get, { id }, signal),
    cancel: (id, signal) => call(rpc.methods.cancel, { id }, signal),
    async stream(words, signal, onEvent) {
      const { id, response } = post(rpc.methods.stream, params(words), signal);
      return readStream(await response, (reply) => onEvent(checkedId(reply as Reply, id)));
    },
  };
}

/** HTTP+JSON of 1.0: the operation is in the path, and the answer stands alone. */
export function currentRest(url: string, wire: Wire): Dialect {
  const base = url.replace(/\/$/, '');
  const headers = CURRENT_HEADERS;
  const post = (path: string, body: object, signal: AbortSignal) =>
    request(wire, `${base}/${path}`, { headers, body: JSON.stringify(body), signal });
  const plain = async (response: Promise<Response>): Promise<Reply> => {
    const reply = await readReply(await response);
    return reply.error ? reply : { result: reply };
  };
  const params = (words: Words) => ({ message: currentMessage(words), configuration: {} });
  return {
    name: '1.0 HTTP+JSON',
    send: (words, signal) => plain(post('message:send', params(words), signal)),
    getTask: (id, signal) => plain(request(wire, `${base}/tasks/${encodeURIComponent(id)}`, { headers, signal })),
    cancel: (id, signal) => plain(post(`tasks/${encodeURIComponent(id)}:cancel`, {}, signal)),
    async stream(words, signal, onEvent) {
      return readStream(await post('message:stream', params(words), signal), (result) => onEvent({ result }));
    },
  };
}

/** GET without a body, POST with one. */
export function request(
  wire: Wire,
  url: string,
  { headers = {}, body, signal }: { headers?: Record<string, string>; body?: string; signal: AbortSignal },
): Promise<Response> {
  const accept = 'application/json, application/a2a+json, text/event-stream';
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const method = body === undefined ? 'GET' : 'POST';
  return wire(url, { method, headers: { accept, ...type, ...headers }, body, signal });
}

/** The JSON of an answer of any status; an HTTP error without a JSON-RPC error in it becomes one. */
export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  let reply: Reply;
  try {
    reply = JSON.parse(text) as Reply;
  } catch {
    throw new Error(`HTTP ${response.status}, and the body is not JSON: ${text.slice(0, 120) || '(nothing)'}`);
  }
  if (response.ok || reply.error) return reply;
  return { error: { code: response.status, message: text.slice(0, 200) } };
}

function checkedId(reply: Reply, id: string): Reply {
  if (reply.id === id || (reply.error && reply.id === null)) return reply;
  throw new Error(`the answer has the id ${JSON.stringify(reply.id)}, and "${id}" was asked`);
}

/** Resolves with the reply when the answer is no stream. */
async function readStream(response: Response, onData: (data: unknown) => void): Promise<Reply | undefined> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('text/event-stream') || !response.body) return readReply(response);
  for await (const data of eventData(response.body)) onData(JSON.parse(data));
  return undefined;
}
