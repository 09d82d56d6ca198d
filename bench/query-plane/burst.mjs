import { inParallel, median, round } from '../harness/statistics.mjs';
import { createInstantAgent, createQuery, QueryObserver } from './queries.mjs';

const NAMESPACES = 51;
const PER_NAMESPACE = 100;

/** 5 100 Queries over 51 namespaces, created as fast as the server takes them. */
export async function burst(runtime) {
  const { kube } = runtime;
  const names = Array.from({ length: NAMESPACES }, (_, i) => `burst-${i}`);
  await inParallel(names.length, 16, async (i) => {
    await kube.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: names[i] } });
    await createInstantAgent(kube, names[i]);
  });
  const observer = await QueryObserver.open(kube);
  let peak = runtime.rssMiB();
  const sampling = setInterval(() => {
    peak = Math.max(peak, runtime.rssMiB());
  }, 100);
  const start = performance.now();
  await inParallel(NAMESPACES * PER_NAMESPACE, 128, (i) =>
    createQuery(kube, names[i % NAMESPACES], `q-${Math.floor(i / NAMESPACES)}`),
  );
  const all = names.flatMap((namespace) =>
    Array.from({ length: PER_NAMESPACE }, (_, i) => observer.done(namespace, `q-${i}`)),
  );
  await Promise.all(all);
  const seconds = (performance.now() - start) / 1000;
  clearInterval(sampling);
  observer.stop();
  const lastOf = names.map((namespace) =>
    Math.max(
      ...Array.from({ length: PER_NAMESPACE }, (_, i) => observer.finishedAt.get(`${namespace}/q-${i}`) - start),
    ),
  );
  const done = [...observer.phases].filter(([key, phase]) => key.startsWith('burst-') && phase === 'done').length;
  const total = NAMESPACES * PER_NAMESPACE;
  return [
    { what: 'burst of 5 100 Queries, done', budget: '100 %', value: round((100 * done) / total), unit: '%' },
    { what: 'burst, Queries per second', budget: '—', value: round(total / seconds, 0), unit: '/s' },
    { what: 'burst, peak RSS', budget: '≤ 512 MiB', value: round(peak, 0), unit: 'MiB' },
    {
      what: 'burst, slowest namespace over median',
      budget: '≤ 2×',
      value: round(Math.max(...lastOf) / median(lastOf), 2),
      unit: '×',
    },
  ];
}
