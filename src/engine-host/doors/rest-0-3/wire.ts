import type { LegacyRestTransportHandler } from '@a2a-js/sdk/compat/v0_3/server';
import { RequestMalformedError } from '@a2a-js/sdk/errors';

type Json = Record<string, unknown>;
type Sent = Parameters<LegacyRestTransportHandler['sendMessage']>[0];
type Config = Parameters<LegacyRestTransportHandler['setTaskPushNotificationConfig']>[0];
type Said = Sent['message'];
type Part = Said['parts'][number];
type Answer = Awaited<ReturnType<LegacyRestTransportHandler['sendMessage']>>;
type Task = Extract<Answer, { kind: 'task' }>;
type Stream = Awaited<ReturnType<LegacyRestTransportHandler['sendMessageStream']>>;
export type LegacyEvent = Stream extends AsyncGenerator<infer Event> ? Event : never;

/*
 * HTTP+JSON of protocol 0.3 is the JSON of its protobuf messages: `content` for parts, `TASK_STATE_…` for states, no
 * `kind`. JSON-RPC of the same protocol has other names, which are the ones the SDK translates from and to.
 */

/** A request to send, as JSON-RPC names its members. Names of JSON-RPC are taken too. @throws RequestMalformedError */
export function sentMessage(body: unknown): Sent {
  const { message, request, configuration, metadata } = objectOf(body, 'the body');
  return {
    message: messageOf(objectOf(message ?? request, 'message')),
    ...(configuration === undefined
      ? {}
      : { configuration: configurationOf(objectOf(configuration, 'configuration')) }),
    ...(metadata === undefined ? {} : { metadata: objectOf(metadata, 'metadata') }),
  };
}

const SPEAKERS: Record<string, 'user' | 'agent' | undefined> = {
  user: 'user',
  ROLE_USER: 'user',
  agent: 'agent',
  ROLE_AGENT: 'agent',
};

function messageOf({ content, parts = content, role, ...rest }: Json): Said {
  if (!Array.isArray(parts)) throw new RequestMalformedError('message.content must be a list of parts');
  for (const name of ['messageId', 'contextId', 'taskId']) {
    if (!['string', 'undefined'].includes(typeof rest[name]))
      throw new RequestMalformedError(`message.${name} must be a text`);
  }
  const speaker = SPEAKERS[role as string];
  if (!speaker) throw new RequestMalformedError('message.role must be ROLE_USER or ROLE_AGENT');
  return {
    ...rest,
    kind: 'message',
    role: speaker,
    parts: parts.map((part) => partOf(objectOf(part, 'a part'))),
  } as Said;
}

function partOf({ kind, text, file, data, metadata }: Json): Part {
  const more = metadata === undefined ? {} : { metadata: objectOf(metadata, 'metadata') };
  if (typeof text === 'string') return { kind: 'text', text, ...more };
  if (file !== undefined) return { kind: 'file', file: fileOf(objectOf(file, 'file')), ...more };
  if (data === undefined) throw new RequestMalformedError('a part holds text, file or data');
  const held = objectOf(data, 'data');
  return { kind: 'data', data: kind === 'data' ? held : objectOf(held.data, 'data.data'), ...more };
}

function fileOf({ fileWithUri, uri = fileWithUri, fileWithBytes, bytes = fileWithBytes, mimeType, name }: Json) {
  const facts = {
    ...(typeof mimeType === 'string' ? { mimeType } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
  if (typeof uri === 'string') return { uri, ...facts };
  if (typeof bytes === 'string') return { bytes, ...facts };
  throw new RequestMalformedError('file holds fileWithUri or fileWithBytes');
}

function configurationOf({ pushNotification, pushNotificationConfig = pushNotification, ...rest }: Json) {
  const { blocking = false, historyLength } = rest;
  if (typeof blocking !== 'boolean') throw new RequestMalformedError('configuration.blocking must be true or false');
  if (historyLength !== undefined && !Number.isInteger(historyLength)) {
    throw new RequestMalformedError('configuration.historyLength must be a whole number');
  }
  const push = pushNotificationConfig === undefined ? {} : { pushNotificationConfig };
  return { blocking: false, ...rest, ...push } as NonNullable<Sent['configuration']>;
}

/** A push configuration for a task, which the path names. */
export function sentConfig(taskId: string, body: unknown): Config {
  const config = objectOf(body, 'the body');
  const pushNotificationConfig = objectOf(config.pushNotificationConfig, 'pushNotificationConfig');
  return { taskId, pushNotificationConfig } as unknown as Config;
}

function objectOf(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new RequestMalformedError(`${what} must be an object`);
}

/** `{task}`, `{message}`, `{statusUpdate}` or `{artifactUpdate}`. */
export function eventJson(event: LegacyEvent): Json {
  switch (event.kind) {
    case 'task':
      return { task: taskJson(event) };
    case 'message':
      return { message: messageJson(event) };
    case 'status-update': {
      const { kind: _, status, ...rest } = event;
      return { statusUpdate: { ...rest, status: statusJson(status) } };
    }
    case 'artifact-update': {
      const { kind: _, artifact, ...rest } = event;
      return { artifactUpdate: { ...rest, artifact: artifactJson(artifact) } };
    }
  }
}

export function taskJson({ kind: _, status, artifacts, history, ...rest }: Task): Json {
  return {
    ...rest,
    status: statusJson(status),
    ...(artifacts ? { artifacts: artifacts.map(artifactJson) } : {}),
    ...(history ? { history: history.map(messageJson) } : {}),
  };
}

function statusJson({ state, message, timestamp }: Task['status']): Json {
  const name =
    { canceled: 'CANCELLED', unknown: 'UNSPECIFIED' }[state as string] ?? state.toUpperCase().replace('-', '_');
  return {
    state: `TASK_STATE_${name}`,
    ...(message ? { message: messageJson(message) } : {}),
    ...(timestamp ? { timestamp } : {}),
  };
}

const artifactJson = ({ parts, ...rest }: NonNullable<Task['artifacts']>[number]): Json => ({
  ...rest,
  parts: parts.map(partJson),
});

function messageJson({ kind: _, role, parts, ...rest }: Said): Json {
  return { ...rest, role: role === 'agent' ? 'ROLE_AGENT' : 'ROLE_USER', content: parts.map(partJson) };
}

function partJson(part: Part): Json {
  if (part.kind === 'text') return { text: part.text };
  if (part.kind === 'data') return { data: { data: part.data } };
  const { file } = part;
  const type = file.mimeType ? { mimeType: file.mimeType } : {};
  return { file: { ...('uri' in file ? { fileWithUri: file.uri } : { fileWithBytes: file.bytes }), ...type } };
}

/** Protobuf names a configuration by its path. */
export const configJson = ({ taskId, pushNotificationConfig }: Config): Json => ({
  name: `tasks/${taskId}/pushNotificationConfigs/${pushNotificationConfig.id ?? ''}`,
  pushNotificationConfig,
});
