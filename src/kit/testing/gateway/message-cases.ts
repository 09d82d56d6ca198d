import { ok, strictEqual } from 'node:assert/strict';
import { refused } from './conversation.js';
import { type Json, list, object } from './speech.js';
import type { GatewayCase } from './task-cases.js';

const INVALID_PARAMS = -32602;
const WRONG_CONTENT = -32005;
const EXTENSION_REQUIRED = -32008;
/** Of the parts of a message, in HTTP+JSON of protocol 0.3. */
const CONTENT = 'content';

/** What A2A demands of messages, and of how they are answered. */
export const MESSAGE_CASES: GatewayCase[] = [
  [
    'waits for the end when it is not told otherwise',
    async ({ slow }) => {
      const { text, task } = await slow.send('one two three');
      ok(text === 'one two three' || task?.state === 'completed', `answered ${text ?? task?.state}`);
    },
  ],
  [
    'refuses messages without what every message has, before anything begins',
    async ({ echo }) => {
      refused(await echo.changed((_, request) => Reflect.deleteProperty(request, 'message')), INVALID_PARAMS);
      for (const name of ['messageId', 'role']) {
        refused(await echo.changed((message) => Reflect.deleteProperty(message, name)), INVALID_PARAMS);
      }
      refused(await echo.changed((message) => Object.assign(message, { role: 'king' })), INVALID_PARAMS);
      for (const parts of [undefined, 'text', [], [{}]]) {
        const change = (message: Json) => Object.assign(message, { [CONTENT in message ? CONTENT : 'parts']: parts });
        refused(await echo.changed(change), INVALID_PARAMS);
      }
      refused(await echo.send('x', { configuration: { historyLength: -1 } }), INVALID_PARAMS);
    },
  ],
  [
    'refuses bytes of a type that it does not read',
    async ({ echo }) => {
      const { protocol, transport } = echo.binding;
      const file = { bytes: 'dGNr', mimeType: 'application/x-nobody-reads' };
      const part = protocol === '1.0' ? { raw: file.bytes, mediaType: file.mimeType } : { kind: 'file', file };
      const sent = protocol === '0.3' && transport === 'HTTP+JSON' ? { file: { fileWithBytes: 'dGNr' } } : part;
      refused(await echo.send('', { parts: [sent] }), WRONG_CONTENT);
    },
  ],
  [
    'goes on when a message holds more than it knows',
    async ({ echo }) => {
      const { text } = await echo.changed((message, request) => {
        message.nobodyKnows = { this: 1 };
        request.norThat = 2;
      });
      strictEqual(text, 'as it was');
    },
  ],
  [
    'answers whoever asks for extensions that it does not have',
    async ({ echo }) => {
      const wanted = 'https://example.com/ext/v1,https://example.com/ext/v2';
      const headers = { 'a2a-extensions': wanted, 'x-a2a-extensions': wanted };
      strictEqual((await echo.say({ do: 'send', said: { text: 'hi' } }, headers)).text, 'hi');
    },
  ],
  [
    'refuses whoever does not know an extension that its card demands',
    async ({ echo }) => {
      const { extensions } = object((await echo.card()).capabilities);
      if (!list(extensions).some(({ required }) => required === true)) return;
      refused(await echo.send('hi'), EXTENSION_REQUIRED);
    },
  ],
];
