import { ok, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refused, type Talk } from './conversation.js';
import { type Json, object } from './speech.js';
import type { GatewayCase } from './task-cases.js';

const TASK_NOT_FOUND = -32001;
const NO_PUSH = -32003;
const INVALID_PARAMS = -32602;
const NOBODY = 'http://receiver.invalid/a';
const TOLD_WITHIN_MS = 30_000;

/** Only for agents whose card says that others are told. */
const telling =
  (check: (talk: Talk, id: string) => Promise<void>): GatewayCase[1] =>
  async ({ slow }) => {
    if (!(await slow.tellsOthers())) return;
    const { id } = await slow.begin();
    await check(slow, id);
    await slow.say({ do: 'cancel', id });
  };

/** What A2A demands of those who tell others of tasks, and of those who do not. */
export const PUSH_CASES: GatewayCase[] = [
  [
    'says so when nobody can be told of a task',
    async ({ slow }) => {
      if (await slow.tellsOthers()) return;
      const { id } = await slow.begin();
      refused(await slow.say({ do: 'set-push', id, config: { id: 'mine', url: NOBODY } }), NO_PUSH);
      for (const operation of ['list-push', 'get-push', 'delete-push'] as const) {
        refused(await slow.say({ do: operation, id, config: 'mine' }), NO_PUSH);
      }
      await slow.say({ do: 'cancel', id });
    },
  ],
  [
    'keeps who is told of a task until somebody takes that back, twice if they like',
    telling(async (slow, id) => {
      const texts = async () => JSON.stringify((await slow.say({ do: 'list-push', id, config: '' })).result);
      for (const config of ['mine', 'yours']) {
        strictEqual(
          (await slow.say({ do: 'set-push', id, config: { id: config, url: NOBODY + config } })).code,
          undefined,
        );
      }
      for (const config of ['mine', 'yours']) {
        ok((await texts()).includes(NOBODY + config), 'list');
        const { result } = await slow.say({ do: 'get-push', id, config });
        ok(JSON.stringify(result).includes(NOBODY + config), 'get');
      }
      for (let times = 0; times < 2; times += 1) {
        strictEqual((await slow.say({ do: 'delete-push', id, config: 'mine' })).code, undefined);
      }
      ok((await slow.say({ do: 'get-push', id, config: 'mine' })).code, 'a config that was deleted is still there');
      ok(!(await texts()).includes(`${NOBODY}mine`));
      ok((await texts()).includes(`${NOBODY}yours`), 'another config went with it');
    }),
  ],
  [
    'names a receiver that has no name, and shows its credentials to nobody',
    telling(async (slow, id) => {
      const authentication = credentialsFor(slow, 'a-secret-of-theirs');
      const { result } = await slow.say({ do: 'set-push', id, config: { url: NOBODY, authentication } });
      const { id: own, pushNotificationConfig } = result ?? {};
      ok(own || object(pushNotificationConfig).id || JSON.stringify(result).includes('pushNotificationConfigs/'));
      const listed = await slow.say({ do: 'list-push', id, config: '' });
      for (const shown of [result, listed.result]) ok(!JSON.stringify(shown).includes('a-secret-of-theirs'));
    }),
  ],
  [
    'tells nobody of tasks that do not exist, and calls no address of the house',
    telling(async (slow, id) => {
      refused(await slow.say({ do: 'set-push', id: randomUUID(), config: { url: NOBODY } }), TASK_NOT_FOUND);
      for (const url of ['http://169.254.169.254/', 'ftp://a.example/', 'nonsense', '']) {
        refused(await slow.say({ do: 'set-push', id, config: { url } }), INVALID_PARAMS);
      }
    }),
  ],
  [
    'tells a receiver with its credentials what became of a task',
    telling(async (slow) => {
      // Who is not on this machine cannot be told where this test listens.
      if (!['127.0.0.1', 'localhost'].includes(new URL(slow.url).hostname)) return;
      const receiver = createServer();
      receiver.listen(0, '127.0.0.1');
      await once(receiver, 'listening');
      try {
        const told = once(receiver, 'request', { signal: AbortSignal.timeout(TOLD_WITHIN_MS) });
        const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
        const push = { url, authentication: credentialsFor(slow, 'let-me-in') };
        const name = slow.binding.protocol === '1.0' ? 'taskPushNotificationConfig' : 'pushNotificationConfig';
        await slow.send('tell them', { configuration: { returnImmediately: true, [name]: push } });
        const [request, response] = (await told) as [IncomingMessage, { end(): void }];
        strictEqual(request.headers.authorization, 'Bearer let-me-in');
        const body = await bodyOf(request);
        response.end();
        const kinds = ['task', 'message', 'statusUpdate', 'artifactUpdate'].filter((kind) => kind in body);
        if (slow.binding.protocol === '1.0') strictEqual(kinds.length, 1, `told ${Object.keys(body).join(', ')}`);
        else strictEqual(body.kind, 'task');
      } finally {
        receiver.closeAllConnections();
        receiver.close();
      }
    }),
  ],
];

const credentialsFor = ({ binding }: Talk, credentials: string): Json =>
  binding.protocol === '1.0' ? { scheme: 'Bearer', credentials } : { schemes: ['Bearer'], credentials };

async function bodyOf(request: IncomingMessage): Promise<Json> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Json;
}
