import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { type Response, refused } from './conversation.js';
import { list, object } from './speech.js';
import type { GatewayCase } from './task-cases.js';

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const WRONG_CONTENT = -32005;
const TASK_NOT_FOUND = -32001;
const WRONG_VERSION = -32009;

const codeOf = ({ body }: Response): unknown => object(body.error).code;
const call = (method: string, more: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: {}, ...more });

/** What A2A demands of the wire itself. They speak it as it is, whatever binding the rest of the suite uses. */
export const WIRE_CASES: GatewayCase[] = [
  [
    'shows one card for both generations, at both paths',
    async ({ echo }) => {
      const { body: card } = await echo.raw('', {}, '.well-known/agent-card.json', 'GET');
      for (const name of ['name', 'description', 'url', 'protocolVersion', 'skills', 'supportedInterfaces']) {
        ok(name in card, `the card has no ${name}`);
      }
      strictEqual(object(card.capabilities).streaming, true);
      const { body: old } = await echo.raw('', {}, '.well-known/agent.json', 'GET');
      strictEqual(JSON.stringify(old), JSON.stringify(card));
    },
  ],
  [
    'answers JSON-RPC that is none with the codes of JSON-RPC, and HTTP status 200',
    async ({ echo }) => {
      const wrong: [body: string, code: number][] = [
        ['{"jsonrpc":', PARSE_ERROR],
        [`[${call('GetTask')}]`, INVALID_REQUEST],
        ['"text"', INVALID_REQUEST],
        [call('GetTask', { jsonrpc: '1.0' }), INVALID_REQUEST],
        [call('GetTask', { id: 1.5 }), INVALID_REQUEST],
        [call('GetTask', { id: { a: 1 } }), INVALID_REQUEST],
        [call('GetTask', { method: undefined }), INVALID_REQUEST],
        [call('GetTask'), INVALID_PARAMS],
        [call('CancelTask'), INVALID_PARAMS],
        [call('tasks/get'), INVALID_PARAMS],
        [call('tasks/cancel'), INVALID_PARAMS],
        [call('SendMessage', { params: undefined }), INVALID_PARAMS],
        [call('SendMessage', { params: [1] }), INVALID_PARAMS],
        [call('message/send', { params: undefined }), INVALID_PARAMS],
        [call('Explode'), METHOD_NOT_FOUND],
        [call('message/explode'), METHOD_NOT_FOUND],
        [call('constructor'), METHOD_NOT_FOUND],
      ];
      for (const [body, code] of wrong) {
        const response = await echo.raw(body);
        strictEqual(codeOf(response), code, `${body} was answered with ${JSON.stringify(response.body)}`);
        strictEqual(response.status, 200, body);
      }
    },
  ],
  [
    'reads no body of another type than JSON, and says so in its words',
    async ({ echo }) => {
      const { path, headers, body } = echo.binding.request({ do: 'send', said: { text: 'hi' } });
      for (const type of ['text/plain', 'application/xml']) {
        const response = await echo.raw(JSON.stringify(body), { ...headers, 'content-type': type }, path);
        refused(echo.binding.heard(response.body), WRONG_CONTENT);
        strictEqual(response.status, path === '' ? 200 : 400);
      }
    },
  ],
  [
    'heeds no number of a patch, and takes an empty version for 0.3',
    async ({ echo }) => {
      const task = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'GetTask', params: { id: 'x' } });
      strictEqual(codeOf(await echo.raw(task, { 'a2a-version': '1.0.7' })), TASK_NOT_FOUND);
      strictEqual(codeOf(await echo.raw(task, { 'a2a-version': '' })), METHOD_NOT_FOUND);
      const old = task.replace('GetTask', 'tasks/get');
      for (const version of ['0.3.0', '']) {
        strictEqual(codeOf(await echo.raw(old, { 'a2a-version': version })), TASK_NOT_FOUND);
      }
    },
  ],
  [
    'says in each error what went wrong, for programs too',
    async ({ echo }) => {
      const { method, path, headers, body } = echo.binding.request({ do: 'get', id: 'nowhere' });
      const answer = await echo.raw(body ? JSON.stringify(body) : '', headers, path, method);
      ok(answer.type.startsWith('application/json'), `an error is ${answer.type}`);
      refused(echo.binding.heard(answer.body), TASK_NOT_FOUND);
      if (echo.binding.protocol === '0.3') return;
      const { details, data = details, ...error } = object(answer.body.error);
      deepStrictEqual(list(data), [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_NOT_FOUND', domain: 'a2a-protocol.org' },
      ]);
      const members = path === '' ? ['code', 'message'] : ['code', 'message', 'status'];
      deepStrictEqual(Object.keys(error).toSorted(), members);
      strictEqual(answer.status, path === '' ? 200 : 404);
    },
  ],
  [
    'gives each answer the id of its request',
    async ({ echo }) => {
      for (const id of [1, 'a', null]) strictEqual((await echo.raw(call('GetTask', { id }))).body.id, id);
    },
  ],
  [
    'takes the version of the header, and refuses one that the card does not name',
    async ({ echo }) => {
      const version = (text: string) => ({ 'a2a-version': text });
      strictEqual(codeOf(await echo.raw(call('GetTask'), version('9.9'))), WRONG_VERSION);
      strictEqual(codeOf(await echo.raw(call('message/send'), version('1.0'))), METHOD_NOT_FOUND);
      strictEqual(codeOf(await echo.raw(call('SendMessage'), version('0.3'))), METHOD_NOT_FOUND);
      const { path } = echo.binding.request({ do: 'send', said: { text: '' } });
      const { status, body } = await echo.raw(call('GetTask'), version('9.9'), path);
      refused(echo.binding.heard(body), WRONG_VERSION);
      strictEqual(status, path === '' ? 200 : 400);
    },
  ],
  [
    'has no operations besides those of the protocol',
    async ({ echo }) => {
      for (const below of ['', 'v1/']) strictEqual((await echo.raw('{}', {}, `${below}message:explode`)).status, 404);
      strictEqual((await echo.raw('', {}, 'tasks/x/y/z', 'GET')).status, 404);
      strictEqual((await echo.raw('', {}, '', 'GET')).status, 405);
    },
  ],
];
