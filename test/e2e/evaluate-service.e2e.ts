import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const script = [{ match: '/^What is/', answer: 'It is Oslo.' }, { answer: 'SCORE: 0.9\nREASONING: Right.' }];
const model = {
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Model',
  metadata: { name: 'default' },
  spec: { provider: 'scripted', model: { value: 'script' }, config: { scripted: { script } } },
};

describeWithKubectl('the evaluators of a runtime', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
    const asked = { input: 'What is the capital of Norway?', target: { type: 'agent', name: 'planner' } };
    const objects = yaml(model, agent('planner', { prompt: 'You know capitals.' }), query('capital', asked));
    await runtime.kubectlOk(['apply', '-f', '-'], objects);
    await runtime.kubectlOk(['wait', 'query/capital', '--for=condition=Completed', '--timeout=60s']);
  });
  afterAll(() => runtime?.dispose());

  it('judge for whoever posts to /evaluate, as a service of Ark does', async () => {
    const post = async (body: object) => {
      const headers = { 'content-type': 'application/json' };
      const url = `${runtime.endpoints.http}/evaluate`;
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as object };
    };
    const config = { input: 'Capital?', output: 'Oslo' };
    expect(await post({ type: 'direct', config, parameters: { provider: 'ark' } })).toMatchObject({
      status: 200,
      body: { score: '0.9', passed: true, error: null, tokenUsage: { totalTokens: expect.any(Number) } },
    });
    const rules = [{ name: 'searched', expression: "tools.was_called('search')" }];
    const parameters = { 'query.name': 'capital', 'query.namespace': 'default' };
    expect(await post({ type: 'event', config: { rules }, parameters })).toMatchObject({
      status: 200,
      body: { passed: false, metadata: { rule_0_searched_passed: 'false' } },
    });
    expect(await post({ type: 'batch', config: {} })).toMatchObject({ status: 422 });
    const unknown = await post({ type: 'direct', config, parameters: { provider: 'ragas' } });
    expect(unknown).toMatchObject({ status: 422, body: { detail: expect.stringContaining("no evaluator 'ragas'") } });
  });
});
