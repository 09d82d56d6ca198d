import { inParallel, round } from '../harness/statistics.mjs';
import { createQuery, QueryObserver } from './queries.mjs';

/** Queries finished per second while 64 clients create one after the other. */
export async function rate(runtime, { count = 3000, clients = 64 } = {}) {
  const observer = await QueryObserver.open(runtime.kube);
  const start = performance.now();
  await inParallel(count, clients, async (i) => {
    await createQuery(runtime.kube, 'default', `rate-${i}`);
    await observer.done('default', `rate-${i}`);
  });
  const seconds = (performance.now() - start) / 1000;
  observer.stop();
  return [{ what: 'sustained Queries per second', budget: '≥ 300', value: round(count / seconds, 0), unit: '/s' }];
}
