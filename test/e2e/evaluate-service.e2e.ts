import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { ScoringService } from '../harness/scoring-service.js';
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

  describe('and a judgement that nobody wants any more', () => {
    const service = new ScoringService();
    beforeAll(async () => {
      await service.listen();
      service.answer = () => {};
      await apply({ ...evaluation('service', {}), kind: 'Evaluator', spec: { address: { value: service.url } } });
    });
    beforeEach(() => {
      service.seen.length = 0;
    });
    afterAll(() => service.close());
    const evaluation = (name: string, spec: object) => ({
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'Evaluation',
      metadata: { name },
      spec: { evaluator: { name: 'service' }, timeout: '60s', ...spec },
    });
    const apply = (...objects: Record<string, unknown>[]) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...objects));
    const get = async (kind: string, name: string) =>
      JSON.parse(await runtime.kubectlOk(['get', kind, name, '-o', 'json']));
    async function ended(name: string) {
      await runtime.kubectlOk(['wait', `evaluation/${name}`, '--for=condition=Completed', '--timeout=60s']);
      return get('evaluation', name);
    }
    const isCanceled = (status: object, message: string) =>
      expect(status).toMatchObject({
        phase: 'canceled',
        passed: false,
        message,
        conditions: [{ type: 'Completed', status: 'True', reason: 'EvaluationCanceled' }],
      });
    const cancel = (name: string) =>
      runtime.kubectlOk(['patch', 'evaluation', name, '--type=merge', '-p', '{"spec":{"cancel":true}}']);

    it('is canceled while it goes on', async () => {
      await apply(evaluation('unwanted', { type: 'direct', config: { input: 'a', output: 'b' } }));
      await eventually(() => expect(service.seen.length).toBe(1));
      await cancel('unwanted');
      isCanceled((await ended('unwanted')).status, 'The Evaluation was canceled (spec.cancel)');
    });

    it('is canceled while it waits', async () => {
      await apply(evaluation('waiting', { type: 'query', config: { queryRef: { name: 'not-yet' } } }));
      await eventually(async () => expect((await get('evaluation', 'waiting')).status?.phase).toBe('pending'));
      await cancel('waiting');
      isCanceled((await ended('waiting')).status, 'The Evaluation was canceled (spec.cancel)');
    });

    it('ends with the Query that was canceled, or deleted meanwhile', async () => {
      const target = { type: 'agent', name: 'planner' };
      await apply(
        query('let-go', { input: 'The capital of Norway?', target, cancel: true }),
        query('deleted', { input: 'The capital of Norway?', target }),
        evaluation('of-canceled', { type: 'query', config: { queryRef: { name: 'let-go' } } }),
        evaluation('of-deleted', { type: 'query', config: { queryRef: { name: 'deleted' } } }),
      );
      isCanceled(
        (await ended('of-canceled')).status,
        'query "default/let-go" was canceled: there is no answer to judge',
      );
      await eventually(() => expect(service.seen.length).toBe(1));
      await runtime.kubectlOk(['delete', 'query', 'deleted']);
      isCanceled((await ended('of-deleted')).status, 'query "default/deleted" was deleted');
    });

    it('is canceled as a child of its batch', async () => {
      const item = (input: string) => ({
        type: 'direct',
        evaluator: { name: 'service' },
        config: { input, output: 'b' },
      });
      await apply(evaluation('lot', { type: 'batch', config: { items: ['a', 'b', 'c'].map(item), concurrency: 2 } }));
      await eventually(() => expect(service.seen.length).toBe(2));
      await cancel('lot');
      const { status } = await ended('lot');
      isCanceled(status, 'The Evaluation was canceled (spec.cancel)');
      expect(status.batchProgress.childEvaluations.map(({ phase }: { phase: string }) => phase)).toEqual([
        'canceled',
        'canceled',
        'pending',
      ]);
      expect(service.seen.length).toBe(2);
    });
  });
});
