import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const MIB = 1024 * 1024;

describeWithKubectl('a Query of a mebibyte', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(agent('again', { executionEngine: { name: 'echo' } })));
  });
  afterAll(() => runtime?.dispose());

  it('is answered with as much as there is room for, and its conversation holds the whole answer', async () => {
    const input = 'word '.repeat(MIB / 5);
    const target = { type: 'agent', name: 'again' };
    await runtime.kubectlOk(['create', '-f', '-'], yaml(query('long', { input, target })));
    await runtime.kubectlOk(['wait', 'query/long', '--for=condition=Completed', '--timeout=60s']);
    const { status } = JSON.parse(await runtime.kubectlOk(['get', 'query', 'long', '-o', 'json'])) as {
      status: { phase: string; conversationId: string; response: { content: string } };
    };
    expect(status.phase).toBe('done');
    expect(status.response.content).toMatch(/^word word/);
    expect(status.response.content).toContain(`The whole answer is in the conversation '${status.conversationId}'`);
    const kept = await fetch(`${runtime.endpoints.http}/messages?conversation_id=${status.conversationId}`);
    expect(await kept.text()).toContain(input.trim());
  });
});
