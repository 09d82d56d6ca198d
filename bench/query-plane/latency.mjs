import { percentile, round } from '../harness/statistics.mjs';
import { createInstantAgent, createQuery, QueryObserver } from './queries.mjs';

/** One Query at a time, from the POST to the terminal phase seen by a watching client. */
export async function latency(runtime, { warmUp = 50, samples = 500 } = {}) {
  await createInstantAgent(runtime.kube, 'default');
  const observer = await QueryObserver.open(runtime.kube);
  const times = [];
  for (let i = 0; i < warmUp + samples; i++) {
    const start = performance.now();
    await createQuery(runtime.kube, 'default', `latency-${i}`);
    await observer.done('default', `latency-${i}`);
    if (i >= warmUp) times.push(observer.finishedAt.get(`default/latency-${i}`) - start);
  }
  observer.stop();
  return [
    { what: 'Query create → done, p50', budget: '≤ 10 ms', value: round(percentile(times, 0.5)), unit: 'ms' },
    { what: 'Query create → done, p99', budget: '≤ 50 ms', value: round(percentile(times, 0.99)), unit: 'ms' },
  ];
}
