import { beforeEach, describe, expect, it } from '@jest/globals';
import { PrometheusMetrics } from './prometheus-metrics.js';

describe('figures', () => {
  let metrics: PrometheusMetrics;
  beforeEach(() => {
    metrics = new PrometheusMetrics();
  });
  const lines = async () => (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it('are counted where they happen', async () => {
    const calls = metrics.counter({ name: 'calls_total', help: 'Calls.', labels: ['type'] });
    calls.add({ type: 'http' });
    calls.add({ type: 'http' }, 2);
    expect(await lines()).toEqual(['calls_total{type="http"} 3']);
  });

  it('are read when somebody asks', async () => {
    let value = 1;
    metrics.gauge({ name: 'depth', help: 'Depth.' }, () => [{ value }]);
    metrics.total({ name: 'bugs_total', help: 'Bugs.' }, () => [{ value }]);
    value = 2;
    expect(await lines()).toEqual(['depth 2', 'bugs_total 2']);
    expect(await lines()).toEqual(['depth 2', 'bugs_total 2']);
  });

  it('tell how long things take', async () => {
    metrics.histogram({ name: 'a_seconds', help: 'A.' }).observe(0.02);
    expect(await lines()).toEqual(
      expect.arrayContaining(['a_seconds_bucket{le="0.01"} 0', 'a_seconds_bucket{le="0.025"} 1', 'a_seconds_count 1']),
    );
  });

  it('are the same figure when declared twice', async () => {
    for (let i = 0; i < 2; i++) metrics.counter({ name: 'calls_total', help: 'Calls.' }).add();
    expect(await lines()).toEqual(['calls_total 2']);
    expect(() => metrics.counter({ name: 'calls_total', help: 'Calls.', labels: ['a'] })).toThrow(
      'the figure calls_total has the labels none, not a',
    );
  });

  it('of two applications know nothing of each other', async () => {
    metrics.counter({ name: 'calls_total', help: 'Calls.' }).add();
    expect(await new PrometheusMetrics().text()).not.toContain('calls_total');
  });
});
