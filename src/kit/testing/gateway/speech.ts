/** What comes over the wire; the cases say what it must be. */
export type Json = Record<string, unknown>;

/** An answer in one form for all bindings: words of protocol 1.0, states in lower case, codes as JSON-RPC has them. */
export interface Heard {
  /** Absent: no error. */
  code?: number;
  /** What the error says, or the text of a message. */
  text?: string;
  task?: HeardTask;
  tasks?: HeardTask[];
  /** Of a list of tasks. */
  next?: string;
  total?: number;
  /** Of a stream: the task, pieces of text, and states, as they came. */
  piece?: { text: string; append: boolean };
  state?: string;
  /** Ids of an answer that is a message. */
  ids?: { taskId?: string; contextId?: string };
  result?: Json;
}

export interface HeardTask {
  id: string;
  contextId: string;
  state: string;
  /** The text of all artifacts. */
  text: string;
  /** How many messages its history holds. */
  said: number;
  /** How many artifacts it has. */
  artifacts: number;
  /** When its status changed. */
  at: string;
  /** What its status says. */
  asks: string;
}

/** A message to be said. */
export interface Said {
  text: string;
  contextId?: string;
  taskId?: string;
  /** Default: one of its own. Empty text: none. */
  messageId?: string;
  parts?: Json[];
  configuration?: Json;
}

/** The operations that every binding has. */
export type Operation =
  | { do: 'send' | 'stream'; said: Said }
  | { do: 'get'; id: string; historyLength?: number }
  | { do: 'cancel' | 'subscribe'; id: string }
  | { do: 'list'; filter: Record<string, string | number | boolean> }
  | { do: 'extended-card' }
  | { do: 'set-push'; id: string; config: Json }
  | { do: 'list-push' | 'get-push' | 'delete-push'; id: string; config: string };

/** One way to speak to an agent. */
export interface Binding {
  name: string;
  protocol: '1.0' | '0.3';
  /** As cards name it. */
  transport: 'JSONRPC' | 'HTTP+JSON';
  /** Whether it can list tasks: protocol 0.3 cannot over JSON-RPC. */
  lists: boolean;
  /** What is sent for an operation, relative to the agent's URL. */
  request(operation: Operation): { method: string; path: string; headers: Record<string, string>; body?: Json };
  /** What an answer means, or one event of a stream. */
  heard(body: Json): Heard;
}

export const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
export const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
export const word = (value: unknown): string => (typeof value === 'string' ? value : '');
export const textOf = (parts: unknown): string =>
  list(parts)
    .map((part) => word(part.text))
    .join('');

/** HTTP+JSON of protocol 0.3 calls the parts of a message its content. */
const partsOf = (message: unknown): string => {
  const { content, parts = content } = object(message);
  return textOf(parts);
};

/** `TASK_STATE_INPUT_REQUIRED` and `input-required` are one state, and so are both ways to spell the end by a cancel. */
export const stateOf = (status: unknown): string =>
  word(object(status).state)
    .replace(/^TASK_STATE_/, '')
    .toLowerCase()
    .replaceAll('_', '-')
    .replace('cancelled', 'canceled');

export const taskIn = (task: Json): HeardTask => ({
  id: word(task.id),
  contextId: word(task.contextId),
  state: stateOf(task.status),
  text: list(task.artifacts)
    .map(({ parts }) => textOf(parts))
    .join(''),
  said: list(task.history).length,
  artifacts: list(task.artifacts).length,
  at: word(object(task.status).timestamp),
  asks: partsOf(object(task.status).message),
});
