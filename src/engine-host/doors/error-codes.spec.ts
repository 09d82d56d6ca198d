import {
  ContentTypeNotSupportedError,
  ExtendedAgentCardNotConfiguredError,
  ExtensionSupportRequiredError,
  InvalidAgentResponseError,
  PushNotificationNotSupportedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
  VersionNotSupportedError,
} from '@a2a-js/sdk/errors';
import type { A2ARequestHandler } from '@a2a-js/sdk/server';
import { afterAll, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { engineCard } from '../engine-card.js';
import { endpointOf } from './a2a-endpoint.js';
import { answerRest } from './rest-door.js';
import { answerRpc } from './rpc-door.js';

const card = engineCard({ name: 'e', description: 'd' }, 'http://e/', {
  securitySchemes: {},
  securityRequirements: [],
});
let thrown: Error = new Error();
const handler = {
  getAgentCard: async () => card,
  getTask: async () => {
    throw thrown;
  },
} as unknown as A2ARequestHandler;
const endpoint = endpointOf('e', handler);
const app = fastify();
app.all('/*', async (request: FastifyRequest, reply: FastifyReply) => {
  const tail = request.url.slice(1);
  await (tail === '' ? answerRpc : answerRest)({ endpoint, request, reply, tail });
});

/** Specification of A2A 1.0, §5.4. */
const CODES: [type: new (message: string) => Error, code: number, status: number, reason: string][] = [
  [TaskNotFoundError, -32001, 404, 'TASK_NOT_FOUND'],
  [TaskNotCancelableError, -32002, 400, 'TASK_NOT_CANCELABLE'],
  [PushNotificationNotSupportedError, -32003, 400, 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  [UnsupportedOperationError, -32004, 400, 'UNSUPPORTED_OPERATION'],
  [ContentTypeNotSupportedError, -32005, 400, 'CONTENT_TYPE_NOT_SUPPORTED'],
  [InvalidAgentResponseError, -32006, 500, 'INVALID_AGENT_RESPONSE'],
  [ExtendedAgentCardNotConfiguredError, -32007, 400, 'EXTENDED_AGENT_CARD_NOT_CONFIGURED'],
  [ExtensionSupportRequiredError, -32008, 400, 'EXTENSION_SUPPORT_REQUIRED'],
  [VersionNotSupportedError, -32009, 400, 'VERSION_NOT_SUPPORTED'],
];

describe.each(CODES)('%p', (Type, code, status, reason) => {
  const raise = () => {
    thrown = new Type('because');
  };
  const rpc = async (method: string) => {
    const payload = { jsonrpc: '2.0', id: 7, method, params: { id: 't' } };
    const { statusCode, headers, body } = await app.inject({ method: 'POST', url: '/', payload });
    return { status: statusCode, type: headers['content-type'], body: JSON.parse(body) as Record<string, unknown> };
  };
  const rest = async (url: string) => {
    const { statusCode, headers, body } = await app.inject({ method: 'GET', url });
    return { status: statusCode, type: headers['content-type'], body: JSON.parse(body) as Record<string, unknown> };
  };
  const detail = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'a2a-protocol.org' };
  const json = expect.stringMatching(/^application\/json/);

  it(`is ${code} in JSON-RPC of both protocols`, async () => {
    raise();
    const error = { code, message: 'because' };
    const current = { jsonrpc: '2.0', id: 7, error: { ...error, data: [detail] } };
    expect(await rpc('GetTask')).toEqual({ status: 200, type: json, body: current });
    expect(await rpc('tasks/get')).toEqual({ status: 200, type: json, body: { jsonrpc: '2.0', id: 7, error } });
  });

  it(`is ${status} with ${reason} over HTTP, and ${code} in protocol 0.3`, async () => {
    raise();
    const error = { code: status, status: expect.stringMatching(/^[A-Z_]+$/), message: 'because', details: [detail] };
    expect(await rest('/tasks/t')).toEqual({ status, type: json, body: { error } });
    expect(await rest('/v1/tasks/t')).toEqual({ status, type: json, body: { code, message: 'because' } });
  });
});

describe('the protocol version that a client asks for', () => {
  const asked = async (version: string, method: string) => {
    thrown = new TaskNotFoundError('reached');
    const payload = { jsonrpc: '2.0', id: 7, method, params: { id: 't' } };
    const { body } = await app.inject({ method: 'POST', url: '/', headers: { 'a2a-version': version }, payload });
    return (JSON.parse(body) as { error: { code: number } }).error.code;
  };

  it.each(['1.0', '1.0.0', ' 1.0.3 '])('%j is 1.0, whatever the patch', async (version) => {
    expect(await asked(version, 'GetTask')).toBe(-32001);
    expect(await asked(version, 'tasks/get')).toBe(-32601);
  });

  it.each(['', '0.3', '0.3.0'])('%j is 0.3', async (version) => {
    expect(await asked(version, 'tasks/get')).toBe(-32001);
    expect(await asked(version, 'GetTask')).toBe(-32601);
  });

  it.each(['1', '1.1', '0.2', '99.0', 'abc', '1.0.x'])('%j is none of ours', async (version) => {
    expect(await asked(version, 'GetTask')).toBe(-32009);
  });
});

describe('a type that is not read here', () => {
  const read = async (headers: Record<string, string>, payload?: string) => {
    thrown = new TaskNotFoundError('reached');
    const { body } = await app.inject({ method: 'GET', url: '/tasks/t', headers, ...(payload ? { payload } : {}) });
    return (JSON.parse(body) as { error: { message: string } }).error.message;
  };

  it.each(['text/plain', 'multipart/form-data; boundary=x'])(
    '%s is refused of a body, and does not matter without one',
    async (type) => {
      const headers = { 'content-type': type };
      expect(await read(headers)).toBe('reached');
      expect(await read({ ...headers, 'content-length': '0' })).toBe('reached');
      expect(await read(headers, 'body')).toContain('is not read here: send application/json');
    },
  );
});

afterAll(() => app.close());
