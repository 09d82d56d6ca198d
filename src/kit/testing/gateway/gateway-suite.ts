import type { SuiteCase } from '../engine-suite.js';
import { BINDINGS } from './bindings.js';
import { CARD_CASES } from './card-cases.js';
import { type GatewayTrial, Talk } from './conversation.js';
import { LIST_CASES } from './list-cases.js';
import { MESSAGE_CASES } from './message-cases.js';
import { PUSH_CASES } from './push-cases.js';
import { QUESTION_CASES } from './question-cases.js';
import { SHAPE_CASES } from './shape-cases.js';
import { STREAM_CASES } from './stream-cases.js';
import { TASK_CASES } from './task-cases.js';
import { WIRE_CASES } from './wire-cases.js';

const CASES = [
  ...[CARD_CASES, LIST_CASES, MESSAGE_CASES, PUSH_CASES, QUESTION_CASES, SHAPE_CASES, STREAM_CASES].flat(),
  ...[TASK_CASES, WIRE_CASES].flat(),
];

interface Globals {
  describe?: (title: string, body: () => void) => void;
  it?: (title: string, body: () => Promise<void>) => void;
}

/**
 * What the A2A specification demands of an agent behind a gateway, as test cases: each in JSON-RPC and HTTP+JSON of
 * protocol 1.0 and 0.3. With global `describe` and `it` it registers them; it returns them in any case.
 *
 * @example
 * ```ts
 * gatewaySuite('the runtime', () => ({ echo: 'http://127.0.0.1:8080/agent/echo/', slow: '…/agent/slow/' }));
 * ```
 */
export function gatewaySuite(name: string, make: () => GatewayTrial | Promise<GatewayTrial>): SuiteCase[] {
  const cases = BINDINGS.flatMap((binding) =>
    CASES.map(([title, check]) => ({
      title: `${binding.name}: ${title}`,
      run: async () => {
        const { echo, slow, asks } = await make();
        const talk = (url: string) => new Talk(binding, url);
        await check({ echo: talk(echo), slow: talk(slow), ...(asks === undefined ? {} : { asks: talk(asks) }) });
      },
    })),
  );
  const { describe, it } = globalThis as Globals;
  if (describe && it) {
    describe(`A2A: ${name}`, () => {
      for (const { title, run } of cases) it(title, run);
    });
  }
  return cases;
}
