import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { refused, type Talk, toldIn } from './conversation.js';
import { type Heard, object } from './speech.js';

/** Two agents in one binding. */
export interface Talks {
  echo: Talk;
  slow: Talk;
  asks?: Talk;
}

export type GatewayCase = [title: string, check: (talks: Talks) => Promise<void>];

const TASK_NOT_FOUND = -32001;
const NOT_CANCELABLE = -32002;
const NO_PUSH = -32003;
const UNSUPPORTED = -32004;
const WRONG_CONTENT = -32005;
const NO_EXTENDED_CARD = -32007;
const INVALID_PARAMS = -32602;
const INVALID_REQUEST = -32600;
const MEGABYTE = 1 << 20;

/** What A2A demands of an agent whichever way it is spoken to. */
export const TASK_CASES: GatewayCase[] = [
  [
    'answers a message, in the context that it names, and keeps the task',
    async ({ echo }) => {
      const contextId = `any-text ${randomUUID()}`;
      const { text, ids } = await echo.send('Oslo to Rome', { contextId });
      strictEqual(text, 'Oslo to Rome');
      strictEqual(ids?.contextId, contextId);
      const { task } = await echo.say({ do: 'get', id: ids?.taskId ?? '' });
      const { state, said, text: told } = task ?? {};
      deepStrictEqual({ state, told, said }, { state: 'completed', told: 'Oslo to Rome', said: 2 });
      strictEqual(task?.contextId, contextId);
    },
  ],
  [
    'gives a message without context one of its own',
    async ({ echo }) => {
      const [one, two] = await Promise.all([echo.send('one'), echo.send('two')]);
      ok(one.ids?.contextId, 'the answer names no context');
      notStrictEqual(one.ids.contextId, two.ids?.contextId);
      notStrictEqual(one.ids.taskId, two.ids?.taskId);
    },
  ],
  [
    'shows as much history as is wanted',
    async ({ echo }) => {
      const id = (await echo.send('hello')).ids?.taskId ?? '';
      for (const [historyLength, said] of [
        [0, 0],
        [1, 1],
        [9, 2],
      ] as const) {
        strictEqual((await echo.say({ do: 'get', id, historyLength })).task?.said, said);
      }
      refused(await echo.say({ do: 'get', id, historyLength: -1 }), INVALID_PARAMS);
      const configuration = { returnImmediately: true, historyLength: 0 };
      strictEqual((await echo.send('hello', { configuration })).task?.said, 0);
    },
  ],
  [
    'begins a task at once when nobody waits, and ends it',
    async ({ slow }) => {
      const words = 6;
      const { id, state } = await slow.begin(words);
      ok(['submitted', 'working'].includes(state), `a task that has just begun is ${state}`);
      const events = await slow.wholeStream({ do: 'subscribe', id });
      // Who is slow comes when there is nothing to hear any more.
      if (events[0]?.code === undefined) strictEqual(events.at(-1)?.state, 'completed');
      strictEqual((await slow.say({ do: 'get', id })).task?.text, Array(words).fill('word').join(' '));
    },
  ],
  [
    'streams the answer piece by piece: first the task, last its end',
    async ({ slow }) => {
      const events = await slow.wholeStream({ do: 'stream', said: { text: 'one two three four' } });
      ok(events[0]?.task, 'the first event must be the task');
      ok(events.filter(({ piece }) => piece?.text).length > 1, 'the answer came in one piece');
      strictEqual(toldIn(events), 'one two three four');
      strictEqual(events.at(-1)?.state, 'completed');
    },
  ],
  [
    'lets a reader leave a stream and come back to the task',
    async ({ slow }) => {
      let id = '';
      for await (const { task } of slow.stream({ do: 'stream', said: { text: 'word '.repeat(300) } })) {
        id = task?.id ?? id;
        break;
      }
      const events: Heard[] = [];
      for await (const event of slow.stream({ do: 'subscribe', id })) {
        if (event.piece && !events.some(({ piece }) => piece)) await slow.say({ do: 'cancel', id });
        events.push(event);
      }
      ok(events[0]?.task, 'the first event must be the task');
      ok(toldIn(events).startsWith('word'), `told ${toldIn(events)}`);
      strictEqual(events.at(-1)?.state, 'canceled');
    },
  ],
  [
    'cancels a task, once',
    async ({ slow }) => {
      const { id } = await slow.begin();
      strictEqual((await slow.say({ do: 'cancel', id })).task?.state, 'canceled');
      refused(await slow.say({ do: 'cancel', id }), NOT_CANCELABLE);
      refused(await slow.say({ do: 'send', said: { text: 'more', taskId: id } }), UNSUPPORTED);
      const [event] = await slow.wholeStream({ do: 'subscribe', id });
      refused(event ?? {}, UNSUPPORTED);
    },
  ],
  [
    'does nothing more with a task that has ended',
    async ({ echo }) => {
      const { ids } = await echo.send('done');
      const id = ids?.taskId ?? '';
      refused(await echo.say({ do: 'cancel', id }), NOT_CANCELABLE);
      refused(await echo.send('more', { taskId: id }), UNSUPPORTED);
      refused((await echo.wholeStream({ do: 'subscribe', id }))[0] ?? {}, UNSUPPORTED);
      const { code } = await echo.send('more', { taskId: id, contextId: randomUUID() });
      ok(code === UNSUPPORTED || code === INVALID_PARAMS, `another context gave ${code}`);
    },
  ],
  [
    'knows no task that it did not begin',
    async ({ echo, slow }) => {
      const strange = (await echo.send('mine')).ids?.taskId ?? '';
      for (const id of [randomUUID(), strange]) {
        refused(await slow.say({ do: 'get', id }), TASK_NOT_FOUND);
        refused(await slow.say({ do: 'cancel', id }), TASK_NOT_FOUND);
        refused(await slow.send('more', { taskId: id }), TASK_NOT_FOUND);
        refused((await slow.wholeStream({ do: 'subscribe', id }))[0] ?? {}, TASK_NOT_FOUND);
        const code = (await slow.tellsOthers()) ? TASK_NOT_FOUND : NO_PUSH;
        refused(await slow.say({ do: 'list-push', id, config: '' }), code);
      }
    },
  ],
  [
    'refuses messages that nobody could answer',
    async ({ echo }) => {
      refused(await echo.send('x', { messageId: '' }), INVALID_PARAMS);
      refused(await echo.send('x', { parts: [] }), INVALID_PARAMS);
      refused(await echo.send('x', { configuration: { acceptedOutputModes: ['image/png'] } }), WRONG_CONTENT);
    },
  ],
  [
    'has no other card for people it knows, unless its card says so',
    async ({ echo }) => {
      const card = await echo.card();
      if (object(card.capabilities).extendedAgentCard === true) return;
      const code = echo.binding.protocol === '1.0' ? UNSUPPORTED : NO_EXTENDED_CARD;
      refused(await echo.say({ do: 'extended-card' }), code);
    },
  ],
  [
    'takes a quarter of a megabyte of text, and says so when a message is too large',
    async ({ echo }) => {
      strictEqual((await echo.send('x'.repeat(MEGABYTE / 4))).text?.length, MEGABYTE / 4);
      refused(await echo.send('x'.repeat(9 * MEGABYTE)), INVALID_PARAMS);
      const { path, headers } = echo.binding.request({ do: 'send', said: { text: '' } });
      const { status, body } = await echo.raw(JSON.stringify({ text: 'x'.repeat(11 * MEGABYTE) }), headers, path);
      if (echo.binding.name.startsWith('HTTP')) strictEqual(status, 413);
      else strictEqual(status, 200);
      const { code, text } = echo.binding.heard(body);
      ok(code === INVALID_REQUEST || echo.binding.name === 'HTTP+JSON 1.0', `a body of 11 MiB gave ${code}`);
      ok(text, 'the refusal must say what is wrong');
    },
  ],
  [
    'gives a long answer whole, however it is asked for',
    async ({ echo }) => {
      const long = `${'long'.repeat(160_000)} end`;
      const { text, ids } = await echo.send(long);
      strictEqual(text?.length, long.length);
      const { task } = await echo.say({ do: 'get', id: ids?.taskId ?? '' });
      strictEqual(task?.text.length, long.length);
      const told = toldIn(await echo.wholeStream({ do: 'stream', said: { text: long } }));
      strictEqual(told.length, long.length);
      ok(told.endsWith('long end'), `the end of the answer is ${told.slice(-100)}`);
    },
  ],
];
