import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { type Talk, toldIn } from './conversation.js';
import type { Heard, Operation } from './speech.js';
import type { GatewayCase } from './task-cases.js';

const WORDS = 8;
const TEXT = Array(WORDS).fill('word').join(' ');

/** What a reader hears, without the moments. */
const outline = (events: Heard[]) => events.slice(1).map(({ piece, state }) => piece ?? state);

async function leaves(talk: Talk, operation: Operation): Promise<void> {
  for await (const _ of talk.stream(operation)) return;
}

/** What A2A demands of streams. */
export const STREAM_CASES: GatewayCase[] = [
  [
    'answers with the media types of its binding',
    async ({ echo }) => {
      const said = { text: 'hi' };
      strictEqual(await echo.typeOf({ do: 'stream', said }), 'text/event-stream');
      const type = await echo.typeOf({ do: 'send', said });
      const types =
        echo.binding.name === 'HTTP+JSON 1.0' ? ['application/a2a+json', 'application/json'] : ['application/json'];
      ok(types.includes(type), `an answer is ${type}`);
    },
  ],
  [
    'tells every reader of a task the same, in the same order, and goes on when one of them leaves',
    async ({ slow }) => {
      const { id } = await slow.begin(WORDS);
      const subscribe: Operation = { do: 'subscribe', id };
      const [one, two] = await Promise.all([
        slow.wholeStream(subscribe),
        slow.wholeStream(subscribe),
        leaves(slow, subscribe),
      ]);
      ok(one[0]?.task && two[0]?.task, 'the first event must be the task');
      strictEqual(one.at(-1)?.state, 'completed');
      strictEqual(toldIn(one), TEXT);
      strictEqual(toldIn(two), TEXT);
      deepStrictEqual(outline(one), outline(two));
    },
  ],
  [
    'ends a stream when its task is canceled',
    async ({ slow }) => {
      const { id } = await slow.begin();
      const heard = slow.wholeStream({ do: 'subscribe', id });
      strictEqual((await slow.say({ do: 'cancel', id })).task?.state, 'canceled');
      const events = await heard;
      ok(events.length > 0);
      // Who came too late hears that there is nothing to hear.
      if (events[0]?.code === undefined) strictEqual(events.at(-1)?.state, 'canceled');
    },
  ],
];
