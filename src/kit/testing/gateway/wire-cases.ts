import { ok, strictEqual } from 'node:assert/strict';
import { type Response, refused } from './conversation.js';
import { object } from './speech.js';
import type { GatewayCase } from './task-cases.js';

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
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
