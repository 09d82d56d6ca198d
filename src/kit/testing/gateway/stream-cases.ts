import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { type Talk, toldIn } from './conversation.js';
import type { Heard, Operation } from './speech.js';
import type { GatewayCase } from './task-cases.js';

/** What a reader hears, without the moments. */
const outline = (events: Heard[]) => events.slice(1).map(({ piece, state }) => piece ?? state);

/** A reader of a task who stays to the end, and hears something before. */
class Reader {
  readonly events: Heard[] = [];

  constructor(
    private readonly talk: Talk,
    private readonly operation: Operation,
  ) {}

  /** @param onSpoken called with the first words */
  async listen(onSpoken: () => void): Promise<void> {
    for await (const event of this.talk.stream(this.operation)) {
      if (event.piece && !this.events.some(({ piece }) => piece)) onSpoken();
      this.events.push(event);
    }
  }
}

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
      const { id } = await slow.begin();
      const subscribe: Operation = { do: 'subscribe', id };
      const [one, two] = [new Reader(slow, subscribe), new Reader(slow, subscribe)];
      let silent = 2;
      const onSpoken = () => {
        silent -= 1;
        if (silent === 0) void slow.say({ do: 'cancel', id });
      };
      await Promise.all([one.listen(onSpoken), two.listen(onSpoken), leaves(slow, subscribe)]);
      ok(one.events[0]?.task && two.events[0]?.task, 'the first event must be the task');
      strictEqual(one.events.at(-1)?.state, 'canceled');
      ok(toldIn(one.events).startsWith('word'), `told ${toldIn(one.events)}`);
      deepStrictEqual(outline(one.events), outline(two.events));
    },
  ],
  [
    'ends a stream when its task is canceled',
    async ({ slow }) => {
      const { id } = await slow.begin();
      const [events, { task }] = await Promise.all([
        slow.wholeStream({ do: 'subscribe', id }),
        slow.say({ do: 'cancel', id }),
      ]);
      strictEqual(task?.state, 'canceled');
      ok(events.length > 0);
      // Who came too late hears that there is nothing to hear.
      if (events[0]?.code === undefined) strictEqual(events.at(-1)?.state, 'canceled');
    },
  ],
];
