import type { SuiteCase } from '../engine-suite.js';
import { BINDINGS } from './bindings.js';
import { type GatewayTrial, Talk } from './conversation.js';
import { TASK_CASES } from './task-cases.js';
import { WIRE_CASES } from './wire-cases.js';

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
    [...TASK_CASES, ...WIRE_CASES].map(([title, check]) => ({
      title: `${binding.name}: ${title}`,
      run: async () => {
        const { echo, slow } = await make();
        await check({ echo: new Talk(binding, echo), slow: new Talk(binding, slow) });
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
