import { afterAll, beforeAll } from '@jest/globals';
import { gatewaySuite } from '../../src/kit/testing/index.js';
import { agent, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await Runtime.start();
  const slow = { executionEngine: { name: 'echo', options: { delayMs: 100 } } };
  const agents = yaml(agent('echo', { executionEngine: { name: 'echo' } }), agent('slow', slow));
  const { code, stderr } = await runtime.ark(['apply', '-f', '-'], { input: agents });
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => runtime?.dispose());

const url = (name: string) => `${runtime.endpoints.http}/agent/${name}/`;
gatewaySuite('agents of the runtime', () => ({ echo: url('echo'), slow: url('slow') }));
