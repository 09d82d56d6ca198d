import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';

const AVAILABLE = 'jsonpath={.status.conditions[?(@.type=="Available")].status}';

describe('two runtimes', () => {
  let there: Runtime;
  let here: Runtime;
  beforeAll(async () => {
    [there, here] = await Promise.all([Runtime.start(), Runtime.start()]);
    await ark(there, yaml(agent('scholar', { description: 'Knows it all', executionEngine: { name: 'echo' } })));
    await ark(
      here,
      yaml({
        apiVersion: 'ark.mckinsey.com/v1prealpha1',
        kind: 'A2AServer',
        metadata: { name: 'neighbour' },
        spec: { address: { value: `${there.endpoints.http}/agent/scholar` }, pollInterval: '2s' },
      }),
    );
  });
  afterAll(async () => {
    await here?.dispose();
    await there?.dispose();
  });

  async function ark(runtime: Runtime, input: string): Promise<void> {
    const { code, stderr } = await runtime.ark(['apply', '-f', '-'], { input });
    if (code !== 0) throw new Error(stderr);
  }

  it('host the agents of each other: what one asks here, the other answers there', async () => {
    await eventually(async () => {
      const { stdout } = await here.ark(['get', 'agent', 'scholar', '-o', AVAILABLE]);
      expect(stdout.trim()).toBe('True');
    });
    expect(await here.ark(['agent', 'scholar', 'What is the time?'])).toMatchObject({
      code: 0,
      stdout: 'What is the time?\n',
    });
    const { stdout } = await there.ark(['get', 'queries', '-o', 'jsonpath={.items[*].spec.input}']);
    expect(stdout.trim()).toBe('What is the time?');
    const through = await here.ark(['a2a', 'send', `${here.endpoints.http}/agent/scholar/`, 'And through both?']);
    expect(through).toMatchObject({ code: 0, stdout: 'And through both?\n' });
  });
});
