import { randomUUID } from 'node:crypto';
import {
  type Binding,
  type Heard,
  type Json,
  list,
  type Operation,
  object,
  type Said,
  stateOf,
  taskIn,
  textOf,
  word,
} from './speech.js';

/** The reasons of `google.rpc.ErrorInfo`, and the codes that JSON-RPC has for them. */
const CODES: Record<string, number> = {
  TASK_NOT_FOUND: -32001,
  TASK_NOT_CANCELABLE: -32002,
  PUSH_NOTIFICATION_NOT_SUPPORTED: -32003,
  UNSUPPORTED_OPERATION: -32004,
  CONTENT_TYPE_NOT_SUPPORTED: -32005,
  INVALID_AGENT_RESPONSE: -32006,
  EXTENDED_AGENT_CARD_NOT_CONFIGURED: -32007,
  EXTENSION_SUPPORT_REQUIRED: -32008,
  VERSION_NOT_SUPPORTED: -32009,
};
const INVALID_PARAMS = -32602;

const messageOf = ({ text, parts, contextId, taskId, messageId = randomUUID() }: Said, kind: object): Json => ({
  ...{ ...kind, messageId, parts: parts ?? [{ ...('kind' in kind ? { kind: 'text' } : {}), text }] },
  ...(contextId === undefined ? {} : { contextId }),
  ...(taskId === undefined ? {} : { taskId }),
});

/** What both generations call by different names. */
interface Names {
  version: Binding['protocol'];
  methods: Record<Operation['do'], string>;
  params(operation: Operation): Json;
}

const CURRENT: Names = {
  version: '1.0',
  methods: {
    send: 'SendMessage',
    stream: 'SendStreamingMessage',
    get: 'GetTask',
    cancel: 'CancelTask',
    subscribe: 'SubscribeToTask',
    list: 'ListTasks',
    'extended-card': 'GetExtendedAgentCard',
    'set-push': 'CreateTaskPushNotificationConfig',
    'list-push': 'ListTaskPushNotificationConfigs',
    'get-push': 'GetTaskPushNotificationConfig',
    'delete-push': 'DeleteTaskPushNotificationConfig',
  },
  params(operation) {
    if ('said' in operation) {
      const { configuration } = operation.said;
      return { message: messageOf(operation.said, { role: 'ROLE_USER' }), ...(configuration ? { configuration } : {}) };
    }
    if (operation.do === 'list') return operation.filter;
    if (operation.do === 'set-push') return { taskId: operation.id, ...operation.config };
    if ('config' in operation) return { taskId: operation.id, id: operation.config };
    const { do: _, ...params } = operation;
    return params;
  },
};

const LEGACY: Names = {
  version: '0.3',
  methods: {
    send: 'message/send',
    stream: 'message/stream',
    get: 'tasks/get',
    cancel: 'tasks/cancel',
    subscribe: 'tasks/resubscribe',
    list: 'tasks/list',
    'extended-card': 'agent/getAuthenticatedExtendedCard',
    'set-push': 'tasks/pushNotificationConfig/set',
    'list-push': 'tasks/pushNotificationConfig/list',
    'get-push': 'tasks/pushNotificationConfig/get',
    'delete-push': 'tasks/pushNotificationConfig/delete',
  },
  params(operation) {
    if ('said' in operation) {
      const { returnImmediately, ...rest } = operation.said.configuration ?? {};
      const configuration = { blocking: returnImmediately !== true, ...rest };
      return { message: messageOf(operation.said, { kind: 'message', role: 'user' }), configuration };
    }
    if (operation.do === 'set-push') return { taskId: operation.id, pushNotificationConfig: operation.config };
    if ('config' in operation) return { id: operation.id, pushNotificationConfigId: operation.config };
    const { do: _, ...params } = operation;
    return params;
  },
};

const jsonRpc = ({ methods, params, version }: Names, lists: boolean): Binding => ({
  ...{ name: `JSON-RPC ${version}`, protocol: version, transport: 'JSONRPC' },
  lists,
  request: (operation) => ({
    method: 'POST',
    path: '',
    headers: { 'content-type': 'application/json', 'a2a-version': version },
    body: { jsonrpc: '2.0', id: 1, method: methods[operation.do], params: params(operation) },
  }),
  heard({ error, result }) {
    if (error) return { code: Number(object(error).code), text: word(object(error).message) };
    return outcome(Array.isArray(result) ? { configs: result } : object(result));
  },
});

/** Anything that is no error: an answer, or an event of a stream. */
function outcome(result: Json): Heard {
  const { task, message, statusUpdate, artifactUpdate, tasks } = unwrapped(result);
  const heard: Heard = { result };
  if (task) return { ...heard, task: taskIn(object(task)), state: stateOf(object(task).status) };
  if (message) {
    const { taskId, contextId, content, parts = content } = object(message);
    return { ...heard, text: textOf(parts), ids: { taskId: word(taskId), contextId: word(contextId) } };
  }
  if (statusUpdate) return { ...heard, state: stateOf(object(statusUpdate).status) };
  if (artifactUpdate) {
    const { artifact, append } = object(artifactUpdate);
    return { ...heard, piece: { text: textOf(object(artifact).parts), append: append === true } };
  }
  if (tasks) {
    const { nextPageToken: next, totalSize } = result;
    return { ...heard, tasks: list(tasks).map(taskIn), next: word(next), total: Number(totalSize) };
  }
  return heard;
}

/** Protocol 0.3 says what it is by `kind`; 1.0 wraps it, but for the answers to get and cancel. */
function unwrapped(result: Json): Json {
  const names: Record<string, string> = { 'status-update': 'statusUpdate', 'artifact-update': 'artifactUpdate' };
  const kind = word(result.kind);
  if (kind !== '') return { [names[kind] ?? kind]: result };
  return 'status' in result && 'id' in result ? { task: result } : result;
}

/** What differs between the generations of HTTP+JSON. */
interface RestNames {
  version: Binding['protocol'];
  /** Before each path. */
  below: string;
  lists: boolean;
  card: string;
  /** What a request to send holds. */
  sent(operation: Operation): Json;
  push(config: Json): Json;
  heard(body: Json): Heard;
}

const rest = ({ version, below, lists, card, sent, push, heard }: RestNames): Binding => ({
  ...{ name: `HTTP+JSON ${version}`, protocol: version, transport: 'HTTP+JSON' },
  lists,
  request(operation) {
    const id = 'id' in operation ? encodeURIComponent(operation.id) : '';
    const query = (values: object) => {
      const pairs = Object.entries(values).map(([key, value]): [string, string] => [key, String(value)]);
      return `?${new URLSearchParams(pairs).toString()}`;
    };
    const headers = { 'content-type': 'application/json', 'a2a-version': version };
    const post = (path: string, body: Json = {}) => ({ method: 'POST', path: below + path, headers, body });
    const read = (path: string, method = 'GET') => ({
      method,
      path: below + path,
      headers: { 'a2a-version': version },
    });
    const configs = `tasks/${id}/pushNotificationConfigs`;
    switch (operation.do) {
      case 'send':
      case 'stream':
        return post(`message:${operation.do}`, sent(operation));
      case 'get':
        return read(
          `tasks/${id}${'historyLength' in operation ? query({ historyLength: `${operation.historyLength}` }) : ''}`,
        );
      case 'cancel':
      case 'subscribe':
        return post(`tasks/${id}:${operation.do}`);
      case 'list':
        return read(`tasks${query(operation.filter)}`);
      case 'extended-card':
        return read(card);
      case 'set-push':
        return post(configs, push(operation.config));
      case 'list-push':
        return read(configs);
      default:
        return read(`${configs}/${operation.config}`, operation.do === 'delete-push' ? 'DELETE' : 'GET');
    }
  },
  heard,
});

const REST = rest({
  ...{ version: '1.0', below: '', lists: true, card: 'extendedAgentCard' },
  sent: (operation) => CURRENT.params(operation),
  push: (config) => config,
  heard(body) {
    if (!body.error) return outcome(body);
    const { message, details } = object(body.error);
    const reasons = list(details).map(({ reason }) => CODES[word(reason)]);
    return { code: reasons.find((code) => code !== undefined) ?? INVALID_PARAMS, text: word(message) };
  },
});

/** Protocol 0.3 speaks the JSON of its protobuf messages here. */
const LEGACY_REST = rest({
  ...{ version: '0.3', below: 'v1/', lists: false, card: 'card' },
  sent(operation) {
    const { message, configuration } = LEGACY.params(operation);
    const { kind: _, role: __, parts, ...said } = object(message);
    const content = list(parts).map(({ kind: ___, ...part }) => part);
    return { message: { ...said, role: 'ROLE_USER', content }, configuration };
  },
  push: (config) => ({ pushNotificationConfig: config }),
  heard(body) {
    if (typeof body.code === 'number') return { code: body.code, text: word(body.message) };
    return outcome(body);
  },
});

/** Every way to speak to an agent. */
export const BINDINGS: readonly Binding[] = [jsonRpc(CURRENT, true), jsonRpc(LEGACY, false), REST, LEGACY_REST];
