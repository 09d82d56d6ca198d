import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import {
  denied,
  invalid,
  type ModelClient,
  type ModelConfig,
  type ModelProvider,
  type ModelProviders,
  reconcilers,
  unavailable,
} from '../../kit/index.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { Model, type ModelSpec } from '../../resources/model/model.resource.js';
import { FakeContext } from '../fake-context.js';
import { ModelAvailabilityReconciler } from './model-availability.reconciler.js';

const KEY = { namespace: 'n', name: 'm' };
const SPEC: ModelSpec = {
  provider: 'openai',
  model: { value: 'gpt' },
  pollInterval: '10s',
  config: {
    openai: {
      baseUrl: { value: 'https://api.example.com/v1' },
      apiKey: { valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
      properties: { temperature: { value: '0.5' } },
      headers: [{ name: 'X-Team', value: { value: 'blue' } }],
    },
  },
};

/** Answers probes as the test says and keeps what it was asked with. */
class ScriptedProvider implements ModelProvider {
  readonly asked: ModelConfig[] = [];
  answer: (signal: AbortSignal) => Promise<void> = async () => undefined;

  open(): ModelClient {
    throw new Error('not needed');
  }

  probe(config: ModelConfig, signal: AbortSignal): Promise<void> {
    this.asked.push(config);
    return this.answer(signal);
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a model', () => {
  let context: FakeContext;
  let provider: ScriptedProvider;
  let reconciler: ModelAvailabilityReconciler;
  let mine: boolean;
  const put = (spec: ModelSpec = SPEC, generation = 1) =>
    context.put<Model>({
      ...context.get(Model, KEY),
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'Model',
      metadata: { ...KEY, uid: 'u', generation },
      spec,
    });
  const key = (token: string) =>
    context.put<Secret>({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'n', name: 'keys' },
      data: { token: Buffer.from(token).toString('base64') },
    });
  const reconcile = () => reconciler.reconcile(context.get(Model, KEY)!, context);
  /** As the machinery does: again when an answer has come. */
  const look = async () => {
    const woken = context.woken.length;
    const next = await reconcile();
    if (next.afterMs !== undefined) return next;
    await eventually(() => context.woken.length > woken);
    return reconcile();
  };
  const status = () => context.get(Model, KEY)?.status;
  beforeEach(() => {
    context = new FakeContext();
    mine = true;
    provider = new ScriptedProvider();
    const providers: ModelProviders = {
      get: (name) => (name === 'openai' ? provider : undefined),
      names: () => ['azure', 'openai'],
    };
    reconciler = new ModelAvailabilityReconciler(
      providers,
      { maxConcurrentQueries: 1, modelProbeTimeoutMs: 20, a2aAgentNamePrefix: 'onConflict', kubernetes: 'embedded' },
      { isMine: () => mine },
    );
    key('sk-1');
    put();
  });
  afterEach(() => context.stopping.abort());

  it('that answers is available, in every spelling that readers look for', async () => {
    const next = await look();
    expect(status()).toMatchObject({
      conditions: [{ type: 'ModelAvailable', status: 'True', reason: 'Available', observedGeneration: 1 }],
      phase: 'ready',
      resolvedAddress: 'https://api.example.com/v1',
    });
    expect(provider.asked[0]).toMatchObject({
      model: 'gpt',
      settings: { baseUrl: 'https://api.example.com/v1', apiKey: 'sk-1' },
      properties: { temperature: 0.5 },
      headers: { 'X-Team': 'blue' },
    });
    expect(next.afterMs).toBeGreaterThanOrEqual(9_000);
    expect(next.afterMs).toBeLessThanOrEqual(11_000);
  });

  it('that nobody has asked yet says that it is being asked', async () => {
    provider.answer = () => new Promise(() => undefined);
    await reconcile();
    expect(status()?.conditions).toMatchObject([
      {
        type: 'ModelAvailable',
        status: 'Unknown',
        reason: 'Initializing',
        message: 'The model is asked whether it answers',
      },
    ]);
    await reconcile();
    expect(context.writes).toHaveLength(1);
    expect(context.events).toEqual([]);
  });

  it('is asked anew when its spec changes, and an answer to the old one is not told as one to the new', async () => {
    const answers: (() => void)[] = [];
    provider.answer = () => new Promise((resolve) => answers.push(resolve));
    await reconcile();
    put({ ...SPEC, model: { value: 'gpt-2' } }, 2);
    await reconcile();
    answers[0]?.();
    await turn();
    await reconcile();
    expect(status()?.conditions?.[0]).toMatchObject({ status: 'Unknown', observedGeneration: 1 });
    answers[1]?.();
    await eventually(() => context.woken.length > 0);
    await reconcile();
    expect(status()?.conditions?.[0]).toMatchObject({ status: 'True', observedGeneration: 2 });
    expect(provider.asked.map(({ model }) => model)).toEqual(['gpt', 'gpt-2']);
  });

  it.each<[Error, RegExp]>([
    [denied('it answered 401'), /^it answered 401; check its key in spec\.config\.openai$/],
    [invalid('it does not know gpt'), /^it does not know gpt; check spec\.model and spec\.config\.openai$/],
    [unavailable('connect ECONNREFUSED'), /^connect ECONNREFUSED; asked again within 10s$/],
  ])('that refuses with %s has a next step', async (error, message) => {
    provider.answer = async () => {
      throw error;
    };
    await look();
    expect(status()?.message).toMatch(message);
  });

  it('is asked once per interval, whatever wakes its reconciler', async () => {
    await look();
    expect((await look()).afterMs).toBeGreaterThan(0);
    expect(provider.asked).toHaveLength(1);
    context.time = new Date(context.time.getTime() + 11_000);
    await look();
    expect(provider.asked).toHaveLength(2);
    expect(context.writes).toHaveLength(2);
  });

  it('is asked at once when its key changes', async () => {
    await look();
    key('sk-2');
    await look();
    expect(provider.asked.map(({ settings }) => settings.apiKey)).toEqual(['sk-1', 'sk-2']);
    const follows = reconcilers.markOf(ModelAvailabilityReconciler)?.options.follows ?? [];
    const secrets = follows.find(({ kind }) => kind === Secret)?.references(put());
    expect(secrets).toEqual([{ namespace: 'n', name: 'keys' }]);
  });

  it('of a provider that is not installed says which are', async () => {
    put({ ...SPEC, provider: 'opnai' });
    await look();
    expect(status()?.conditions?.[0]).toMatchObject({
      status: 'False',
      reason: 'ModelProbeFailed',
      message: "no model provider 'opnai'; installed: azure, openai",
    });
  });

  it('without its Secret says what is missing and is asked as soon as it is there', async () => {
    await context.delete(context.get(Secret, { namespace: 'n', name: 'keys' })!);
    await look();
    expect(status()).toMatchObject({
      phase: 'error',
      message: expect.stringContaining('secret n/keys does not exist'),
    });
    expect(provider.asked).toHaveLength(0);
    key('sk-1');
    await look();
    expect(status()?.phase).toBe('ready');
  });

  it('that refuses is not available, reported once although its refusals differ in ids', async () => {
    let calls = 0;
    provider.answer = async () => {
      throw unavailable(`quota exceeded (request id: req_00000${++calls})`);
    };
    await look();
    context.time = new Date(context.time.getTime() + 11_000);
    await look();
    expect(calls).toBe(2);
    expect(status()?.message).toMatch(/^quota exceeded/);
    expect(context.events).toMatchObject([{ type: 'Warning', reason: 'ModelUnavailable' }]);
    expect(context.writes).toHaveLength(2);
  });

  it('that is silent is given up after the time-out, also when its provider does not listen', async () => {
    provider.answer = () => new Promise(() => undefined);
    await look();
    expect(status()?.message).toMatch(/^the model did not answer its probe within 0\.02 seconds; /);
  });

  describe('whose prices cannot be read', () => {
    const price = (facts: Record<string, string>) => {
      const annotations = Object.fromEntries(
        Object.entries(facts).map(([name, text]) => [`pricing.ark.mckinsey.com/${name}`, text]),
      );
      const model = put();
      context.put<Model>({ ...model, metadata: { ...model.metadata, annotations } });
    };
    const pricing = () => status()?.conditions?.find(({ type }) => type === 'PricingInvalid');
    const said =
      'annotation pricing.ark.mckinsey.com/unit is "per-token"; valid: per-million-tokens, per-thousand-tokens, ' +
      'per-hundred-tokens; no cost is counted';

    it('says so in a condition and one Event, and answers all the same', async () => {
      price({ 'input-cost': '2', 'output-cost': '8', unit: 'per-token' });
      await look();
      expect(pricing()).toMatchObject({ status: 'True', reason: 'AnnotationInvalid', message: said });
      expect(status()).toMatchObject({ phase: 'ready', conditions: [{ type: 'ModelAvailable', status: 'True' }, {}] });
      context.time = new Date(context.time.getTime() + 11_000);
      await look();
      expect(context.events).toMatchObject([{ type: 'Warning', reason: 'ModelPricingInvalid', message: said }]);
    });

    it('says so as soon as they are written, and takes it back when they are mended', async () => {
      await look();
      expect(pricing()).toBeUndefined();
      price({ 'input-cost': 'much', 'output-cost': '8' });
      await look();
      expect(pricing()).toMatchObject({ status: 'True', message: expect.stringContaining('input-cost is "much"') });
      price({ 'input-cost': '2', 'output-cost': '8' });
      await look();
      expect(pricing()).toMatchObject({ status: 'False', reason: 'PricesReadable' });
      expect(provider.asked).toHaveLength(1);
      expect(status()?.phase).toBe('ready');
    });
  });

  it('is left alone by processes that do not ask for it', async () => {
    mine = false;
    expect((await look()).afterMs).toBeGreaterThan(0);
    expect(provider.asked).toEqual([]);
    expect(context.writes).toEqual([]);
  });

  it('writes nothing about a probe that the end of the process cut off', async () => {
    provider.answer = () => new Promise(() => undefined);
    await reconcile();
    context.stopping.abort();
    await turn();
    expect(context.writes).toMatchObject([{ conditions: [{ status: 'Unknown' }] }]);
  });
});
