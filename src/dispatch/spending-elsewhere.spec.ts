import { beforeEach, describe, expect, it } from '@jest/globals';
import { agent, resource } from '../../test/harness/manifests.js';
import { MemoryObjects } from '../../test/harness/memory-objects.js';
import { ModelResolver } from '../engine-host/resolve/model-resolver.js';
import type { TokenUsage } from '../kit/index.js';
import { PrometheusMetrics } from '../machinery/observability/metrics/prometheus-metrics.js';
import type { QueryOutcome } from '../reconcilers/query/query-dispatcher.js';
import type { Query } from '../resources/query/query.resource.js';
import { SpendingElsewhere } from './spending-elsewhere.js';

const QUERY = { metadata: { name: 'q', namespace: 'default' } } as Query;
const USAGE: TokenUsage = { promptTokens: 1_000_000, completionTokens: 500_000, totalTokens: 1_500_000 };
const of = (name: string, tokenUsage?: TokenUsage, type = 'agent'): QueryOutcome => ({
  ...{ target: { type, name }, content: '', raw: '[]', phase: 'error' },
  ...(tokenUsage ? { tokenUsage } : {}),
});

describe('tokens that an engine elsewhere tells of', () => {
  let metrics: PrometheusMetrics;
  let spending: SpendingElsewhere;
  beforeEach(() => {
    metrics = new PrometheusMetrics();
    const priced = resource('Model', 'priced', { provider: 'openai', model: { value: 'gpt' } });
    const annotations = { 'pricing.ark.mckinsey.com/input-cost': '2', 'pricing.ark.mckinsey.com/output-cost': '8' };
    const lost = { valueFrom: { secretKeyRef: { name: 'nowhere', key: 'k' } } };
    const objects = new MemoryObjects().put(
      { ...priced, metadata: { ...priced.metadata, namespace: 'shared', annotations } },
      resource('Model', 'lost', { provider: 'openai', model: lost }),
      agent('paid', { modelRef: { name: 'priced', namespace: 'shared' } }),
      agent('puzzled', { modelRef: { name: 'lost' } }),
      agent('free', { executionEngine: { name: 'elsewhere' } }),
    );
    const models = new ModelResolver(objects, { get: () => undefined, names: () => [] });
    spending = new SpendingElsewhere(objects, models, metrics);
  });
  const counted = async () => (await metrics.text()).match(/^ark_(tokens|model_cost)_total\{.*$/gm) ?? [];

  it("are counted at the price of the agent's model, also of another namespace, and when the Query failed", async () => {
    const { tokenUsage } = await spending.counted(of('paid', USAGE), QUERY);
    expect(tokenUsage?.cost).toEqual([{ currency: 'USD', amount: 6 }]);
    expect(await counted()).toEqual([
      'ark_tokens_total{namespace="default",agent="paid",model="gpt",type="input"} 1000000',
      'ark_tokens_total{namespace="default",agent="paid",model="gpt",type="output"} 500000',
      'ark_model_cost_total{namespace="default",agent="paid",model="gpt",currency="USD"} 6',
    ]);
  });

  it('with their cost were counted where they were spent', async () => {
    const told = of('paid', { ...USAGE, cost: [] });
    expect(await spending.counted(told, QUERY)).toBe(told);
    expect(await counted()).toEqual([]);
  });

  it.each([
    ['an agent without a model', of('free', USAGE)],
    ['an agent whose model cannot be read', of('puzzled', USAGE)],
    ['a team', of('crew', USAGE, 'team')],
  ])('of %s are counted without a cost', async (_, outcome) => {
    expect((await spending.counted(outcome, QUERY)).tokenUsage).toEqual({ ...USAGE, cost: [] });
    expect((await counted()).filter((line) => line.includes('cost'))).toEqual([]);
    expect(await counted()).toHaveLength(2);
  });

  it('are none where it tells none', async () => {
    expect(await spending.counted(of('paid'), QUERY)).toEqual(of('paid'));
    expect(await counted()).toEqual([]);
  });
});
