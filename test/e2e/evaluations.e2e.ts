import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { ScoringService } from '../harness/scoring-service.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

type Spec = Record<string, unknown>;

const ark = (kind: string, name: string, spec: Spec, labels: Record<string, string> = {}) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind,
  metadata: { name, labels },
  spec,
});
const model = (name: string, script: Spec[]) =>
  ark('Model', name, { provider: 'scripted', model: { value: 'script' }, config: { scripted: { script } } });
const configMap = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const evaluator = (name: string, address: string, parameters: Spec = {}, more: Spec = {}) =>
  ark('Evaluator', name, { address: { value: address }, parameters: named(parameters), ...more });
const named = (parameters: Spec) => Object.entries(parameters).map(([name, value]) => ({ name, value }));
const evaluation = (name: string, type: string, judge: string, config: Spec, more: Spec = {}) =>
  ark('Evaluation', name, {
    type,
    evaluator: { name: judge, ...((more.judge as Spec) ?? {}) },
    config,
    timeout: '20s',
    ...without(more),
  });
const without = ({ judge: _judge, ...more }: Spec) => more;

describeWithKubectl('evaluations', () => {
  let runtime: Runtime;
  const service = new ScoringService();
  beforeAll(async () => {
    await service.listen();
    runtime = await Runtime.start();
    await apply(
      model('default', [
        {
          match: '/^(What is the|The) capital of (Norway|France)/',
          answer: 'It is Oslo.',
          usage: { promptTokens: 5, completionTokens: 3 },
        },
        { match: '/judge:[^/]*Oslo/s', answer: 'SCORE: 0.9\nREASONING: Right.\nCRITERIA_SCORES: relevance=0.9' },
        { answer: 'SCORE: 0.2\nREASONING: Wrong.' },
      ]),
      model('babbler', [{ answer: 'What a lovely answer!' }]),
      evaluator('judge', 'plugin:judge', { scope: 'relevance' }),
      evaluator('rules', 'plugin:rules'),
      evaluator('service', service.url, { a: 'evaluator', b: 'evaluator' }),
      agent('planner', { prompt: 'You know capitals.' }),
      query('capital', { input: 'What is the capital of Norway?', target: { type: 'agent', name: 'planner' } }),
    );
    await runtime.kubectlOk(['wait', 'query/capital', '--for=condition=Completed', '--timeout=60s']);
  });
  afterAll(async () => {
    service.close();
    await runtime?.dispose();
  });
  beforeEach(() => {
    service.seen.length = 0;
  });

  const apply = (...objects: Spec[]) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...objects));
  const get = async (kind: string, name: string) =>
    JSON.parse(await runtime.kubectlOk(['get', kind, name, '-o', 'json']));
  async function ended(name: string) {
    await runtime.kubectlOk(['wait', `evaluation/${name}`, '--for=condition=Completed', '--timeout=60s']);
    return get('evaluation', name);
  }
  async function judged(...args: Parameters<typeof evaluation>) {
    await apply(evaluation(...args));
    return ended(args[0]);
  }

  it('of a pair are judged by a model, with tokens, reasons and a table', async () => {
    const { status, metadata } = await judged('direct', 'direct', 'judge', { input: 'Capital?', output: 'Oslo' });
    expect(status).toMatchObject({ phase: 'done', score: '0.9', passed: true, message: 'score 0.9, passed' });
    expect(status.tokenUsage.totalTokens).toBeGreaterThan(0);
    expect(status.duration).toMatch(/s$/);
    expect(status.conditions).toMatchObject([{ type: 'Completed', status: 'True', reason: 'EvaluationCompleted' }]);
    expect(metadata.annotations).toMatchObject({ 'evaluation.metadata/reasoning': 'Right.' });
    const table = await runtime.kubectlOk(['get', 'evaluation', 'direct']);
    expect(table).toMatch(/NAME +TYPE +PHASE +SCORE +PASSED +AGE\ndirect +direct +done +0\.9 +true/);
  });

  it('do not pass below the pass mark, which the Evaluation may set', async () => {
    const judge = { parameters: named({ 'min-score': '0.95' }) };
    const { status } = await judged('strict', 'direct', 'judge', { input: 'Capital?', output: 'Oslo' }, { judge });
    expect(status).toMatchObject({ phase: 'done', score: '0.9', passed: false });
  });

  it('of a Query read its answer, and wait for it', async () => {
    await apply(evaluation('early', 'query', 'judge', { queryRef: { name: 'later' } }));
    await eventually(async () => {
      const { status } = await get('evaluation', 'early');
      expect(status).toMatchObject({ phase: 'pending', message: 'query "default/later" does not exist' });
    });
    await apply(query('later', { input: 'The capital of Norway?', target: { type: 'agent', name: 'planner' } }));
    expect((await ended('early')).status).toMatchObject({ phase: 'done', score: '0.9' });
  });

  it('by rules see how the answer came to be', async () => {
    const rules = [
      { name: 'resolved', expression: 'query.was_resolved()', weight: 3 },
      { name: 'searched', expression: "tools.was_called('search')", weight: 1 },
    ];
    const judge = { parameters: named({ 'query.name': 'capital', 'min-score': '0.7' }) };
    const { status, metadata } = await judged('event', 'event', 'rules', { rules }, { judge });
    expect(status).toMatchObject({ phase: 'done', score: '0.75', passed: true });
    expect(metadata.annotations['evaluation.metadata/rule_1_searched_passed']).toBe('false');
  });

  it('of a baseline have each example of a ConfigMap answered and judged', async () => {
    const examples = [
      { input: 'The capital of Norway?', expectedOutput: 'Oslo', category: 'north' },
      { input: 'The capital of France?', expectedOutput: 'Paris', category: 'south', expectedMinScore: '0.95' },
    ];
    await apply(
      configMap('golden', { examples: JSON.stringify(examples) }),
      evaluation(
        'baseline',
        'baseline',
        'judge',
        {},
        {
          judge: {
            parameters: [
              { name: 'golden-examples', valueFrom: { configMapKeyRef: { name: 'golden', key: 'examples' } } },
            ],
          },
        },
      ),
    );
    const { status, metadata } = await ended('baseline');
    expect(status).toMatchObject({ phase: 'done', score: '0.9' });
    expect(metadata.annotations).toMatchObject({
      'evaluation.metadata/total_examples': '2',
      'evaluation.metadata/passed_examples': '1',
      'evaluation.metadata/category_north_pass_rate': '1.000',
      'evaluation.metadata/category_south_pass_rate': '0.000',
    });
  });

  it('in a batch become children, which are counted and owned', async () => {
    const config = {
      concurrency: 1,
      items: [
        { type: 'direct', evaluator: { name: 'judge' }, config: { input: 'Capital?', output: 'Oslo' } },
        { name: 'wrong', type: 'direct', evaluator: { name: 'judge' }, config: { input: 'Capital?', output: 'Rome' } },
      ],
      evaluations: [{ name: 'original' }],
    };
    const original = evaluation('original', 'direct', 'judge', { input: 'Capital?', output: 'Oslo' });
    await apply(original, ark('Evaluation', 'batch', { type: 'batch', config }));
    const { status } = await ended('batch');
    expect(status).toMatchObject({
      phase: 'done',
      score: '0.667',
      passed: false,
      batchProgress: { total: 3, completed: 3, failed: 0, running: 0 },
    });
    expect(status.batchProgress.childEvaluations.map(({ name }: Spec) => name)).toEqual([
      ...['batch-child-0', 'batch-wrong', 'batch-child-2'],
    ]);
    expect((await get('evaluation', 'batch-child-2')).metadata.labels).toEqual({
      'parent-evaluation': 'batch',
      'child-index': '2',
    });
    await runtime.kubectlOk(['delete', 'evaluation', 'batch']);
    await eventually(async () => expect(await runtime.kubectlOk(['get', 'evaluations'])).not.toContain('batch-child'));
  });

  it('in a batch over Queries stop at a failure, unless told to go on', async () => {
    const template = {
      type: 'query',
      config: {},
      evaluator: { name: 'judge', parameters: named({ 'model.name': 'babbler' }) },
    };
    const querySelector = { matchLabels: { topic: 'seas' } };
    const ask = (name: string) => ({
      ...query(name, { input: 'The capital of Norway?', target: { type: 'agent', name: 'planner' } }),
      metadata: { name, labels: { topic: 'seas' } },
    });
    await apply(ask('sea-1'), ask('sea-2'));
    await runtime.kubectlOk(['wait', 'query/sea-1', 'query/sea-2', '--for=condition=Completed', '--timeout=60s']);
    const config = { template, querySelector, concurrency: 1 };
    await apply(
      ark('Evaluation', 'halting', { type: 'batch', config }),
      ark('Evaluation', 'going-on', { type: 'batch', config: { ...config, continueOnFailure: true } }),
    );
    const halting = (await ended('halting')).status;
    expect(halting).toMatchObject({ phase: 'error', batchProgress: { total: 2, failed: 1 } });
    expect(halting.message).toMatch(/child halting-query-sea-1 failed: .*gave no score.*; 1 not judged/);
    expect((await ended('going-on')).status).toMatchObject({
      phase: 'done',
      score: '0.000',
      passed: false,
      batchProgress: { failed: 2 },
    });
  });

  it('begin by themselves for finished Queries that an Evaluator selects', async () => {
    const ask = {
      ...query('chosen', { input: 'The capital of Norway?', target: { type: 'agent', name: 'planner' } }),
      metadata: { name: 'chosen', labels: { judged: 'yes' } },
    };
    await apply(ask);
    await runtime.kubectlOk(['wait', 'query/chosen', '--for=condition=Completed', '--timeout=60s']);
    const selector = { resourceType: 'Query', matchLabels: { judged: 'yes' } };
    await apply(evaluator('auto', 'plugin:judge', {}, { selector }), {
      ...ask,
      metadata: { ...ask.metadata, name: 'second' },
    });
    for (const name of ['chosen', 'second']) {
      await eventually(() => get('evaluation', `auto-${name}-eval`));
      const { status, metadata } = await ended(`auto-${name}-eval`);
      expect(status).toMatchObject({ phase: 'done', score: '0.9' });
      expect(metadata.labels).toEqual({
        'ark.mckinsey.com/evaluator': 'auto',
        'ark.mckinsey.com/query': name,
        'ark.mckinsey.com/auto': 'true',
      });
      expect(metadata.ownerReferences).toMatchObject([{ kind: 'Query', name }]);
      expect(metadata.annotations['ark.mckinsey.com/query-phase']).toBe('done');
    }
    await runtime.kubectlOk(['delete', 'query', 'chosen']);
    await eventually(async () => expect(await runtime.kubectlOk(['get', 'evaluations'])).not.toContain('auto-chosen'));
  });

  it('that a Query asks for stand in its status', async () => {
    const spec = {
      input: 'The capital of Norway?',
      target: { type: 'agent', name: 'planner' },
      evaluators: [{ name: 'judge' }],
    };
    await apply(query('asking', spec));
    await eventually(async () => {
      const { status } = await get('query', 'asking');
      expect(status.phase).toBe('done');
      expect(status.evaluations).toMatchObject([
        { evaluatorName: 'judge', score: '0.9', passed: true, metadata: { reasoning: 'Right.' } },
      ]);
    });
  });

  it('are sent to services in the words of Ark', async () => {
    const judge = { parameters: named({ b: 'evaluation' }) };
    service.answer = (response) =>
      void response.end(
        JSON.stringify({
          score: '0.82',
          passed: true,
          metadata: { reasoning: 'Nice', 'odd key!': 3 },
          tokenUsage: { promptTokens: 4, completionTokens: 6, totalTokens: 10 },
        }),
      );
    const { status, metadata } = await judged(
      'foreign',
      'query',
      'service',
      { queryRef: { name: 'capital' } },
      { judge },
    );
    expect(status).toMatchObject({ phase: 'done', score: '0.82', passed: true, tokenUsage: { totalTokens: 10 } });
    expect(metadata.annotations).toMatchObject({
      'evaluation.metadata/reasoning': 'Nice',
      'evaluation.metadata/odd_key': '3',
    });
    expect(service.seen).toEqual([
      {
        url: '/evaluate',
        body: {
          type: 'query',
          config: { queryRef: { name: 'capital', namespace: 'default', responseTarget: '' } },
          parameters: { a: 'evaluator', b: 'evaluation', 'model.namespace': 'default', queryRef: 'default/capital' },
          evaluatorName: 'service',
        },
      },
    ]);
  });

  it('ask a failing service again, and believe its second answer', async () => {
    service.answer = (response, count) =>
      count === 1 ? response.writeHead(500).end('oops') : response.end('{"score": 85, "passed": true}');
    const { status } = await judged('second-try', 'direct', 'service', { input: 'a', output: 'b' });
    expect(status).toMatchObject({ phase: 'done', score: '0.85' });
  });

  it.each<[string, ScoringService['answer'], RegExp]>([
    ['always-500', (response) => response.writeHead(500).end('oops'), /answered 500: oops/],
    ['garbage', (response) => response.end('<html>'), /answered with no JSON object: <html>/],
    ['refusing', (response) => response.writeHead(400).end('{"detail":"no"}'), /answered 400/],
    ['sorry', (response) => response.end('{"error":"no such metric"}'), /no such metric/],
    ['overflowing', (response) => response.end('{"score":"900"}'), /the score "900"/],
    ['silent', () => {}, /no verdict within 4s/],
  ])('of a service that is %s end with an error that says so', async (name, answer, message) => {
    service.answer = answer;
    const { status } = await judged(name, 'direct', 'service', { input: 'a', output: 'b' }, { timeout: '4s' });
    expect(status).toMatchObject({ phase: 'error', passed: false });
    expect(status.message).toMatch(message);
    expect(status.conditions[0].reason).toBe('EvaluationErrored');
  });

  it.each<[string, Parameters<typeof evaluation>, RegExp]>([
    ['nobody', ['u1', 'direct', 'ghost', { input: 'a', output: 'b' }], /evaluator "default\/ghost" does not exist/],
    [
      'a judge that talks nonsense',
      [
        'u2',
        'direct',
        'judge',
        { input: 'a', output: 'b' },
        { judge: { parameters: named({ 'model.name': 'babbler' }) } },
      ],
      /gave no score when asked twice; it said: "What a lovely answer!"/,
    ],
    [
      'a rule that is none',
      [
        'u3',
        'event',
        'rules',
        { rules: [{ name: 'evil', expression: 'process.exit(1)' }] },
        { judge: { parameters: named({ 'query.name': 'capital' }) } },
      ],
      /rule "evil"/,
    ],
    [
      'a ConfigMap without the key',
      [
        ...(['u4', 'baseline', 'judge', {}] as const),
        {
          judge: {
            parameters: [{ name: 'golden-examples', valueFrom: { configMapKeyRef: { name: 'kube', key: 'x' } } }],
          },
        },
      ],
      /parameter "golden-examples": config map default\/kube does not exist/,
    ],
    [
      'a pass mark that is none',
      ['u5', 'direct', 'judge', { input: 'a', output: 'b' }, { judge: { parameters: named({ 'min-score': 'high' }) } }],
      /parameter min-score is "high"/,
    ],
  ])('by %s end with an error that says so', async (_by, [name, type, judge, config, more], message) => {
    const { status } = await judged(name, type, judge, config, { ...more, timeout: '1s' });
    expect(status.phase).toBe('error');
    expect(status.message).toMatch(message);
  });

  it('by an evaluator that is not installed wait for its Evaluator to be mended', async () => {
    await apply(
      evaluator('typo', 'plugin:jugde'),
      evaluation('mended', 'direct', 'typo', { input: 'C?', output: 'Oslo' }),
    );
    await eventually(async () => {
      const { status } = await get('evaluator', 'typo');
      expect(status).toMatchObject({
        phase: 'error',
        message: "no evaluator 'jugde' is installed; installed: judge, rules",
      });
    });
    await apply(evaluator('typo', 'plugin:judge'));
    expect((await ended('mended')).status).toMatchObject({ phase: 'done', score: '0.9' });
  });

  it('go when their time to live is over', async () => {
    await apply(evaluation('short', 'direct', 'judge', { input: 'a', output: 'Oslo' }, { ttl: '1s' }));
    await eventually(async () => {
      expect((await runtime.kubectl(['get', 'evaluation', 'short'])).stderr).toContain('not found');
    });
  });

  it('that a crash interrupted begin again', async () => {
    service.answer = () => {};
    await apply(evaluation('interrupted', 'direct', 'service', { input: 'a', output: 'b' }));
    await eventually(() => expect(service.seen.length).toBe(1));
    await runtime.kill();
    service.answer = (response) => response.end('{"score":"1","passed":true}');
    await runtime.boot();
    expect((await ended('interrupted')).status).toMatchObject({ phase: 'done', score: '1' });
  });
});
