import { setTimeout as pause } from 'node:timers/promises';
import { inParallel, percentile, round, timed } from '../harness/statistics.mjs';
import { ARK_API } from './queries.mjs';

const COUNT = 10_000;
const WATCHERS = 200;
const WARM_UP = 5;
const CHANGES = 30;
const agent = (name, annotations) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Agent',
  metadata: { name, namespace: 'default', ...(annotations ? { annotations } : {}) },
  spec: { prompt: 'You are one of ten thousand.', executionEngine: { name: 'echo' } },
});

/** Lists 10 000 Agents, weighs the process that holds them, and times a change on its way to 200 watchers. */
export async function listing(runtime) {
  const { kube } = runtime;
  const agents = `${ARK_API}/namespaces/default/agents`;
  await inParallel(COUNT, 64, (i) => kube.call('POST', agents, agent(`agent-${i}`)));
  await settled(kube, agents);
  const lists = [];
  for (let i = 0; i < 15; i++) lists.push((await timed(() => kube.call('GET', agents))).ms);
  const rss = runtime.rssMiB();
  const deliveries = await watchDeliveries(kube, agents);
  return [
    { what: 'LIST of 10 000 Agents, p50', budget: '≤ 150 ms', value: round(percentile(lists, 0.5)), unit: 'ms' },
    { what: 'RSS with 10 000 Agents', budget: '≤ 450 MiB', value: round(rss, 0), unit: 'MiB' },
    { what: '200 watchers, delivery p50', budget: '≤ 10 ms', value: round(percentile(deliveries, 0.5)), unit: 'ms' },
    { what: '200 watchers, delivery p99', budget: '—', value: round(percentile(deliveries, 0.99)), unit: 'ms' },
  ];
}

/**
 * Waits until the runtime has said of every Agent whether it is available. Before that each of those changes goes to
 * every watcher too, and a delivery waits behind some thousand others.
 */
async function settled(kube, agents) {
  for (;;) {
    const { items } = JSON.parse(await kube.call('GET', agents));
    if (items.every((item) => item.status?.conditions?.length)) return;
    await pause(250);
  }
}

async function watchDeliveries(kube, agents) {
  const deliveries = [];
  let seen = 0;
  let changedAt = 0;
  let allSeen = () => {};
  const hear = (line) => {
    if (!line.startsWith('{"type":"ADDED"') || !line.includes('"name":"watched-')) return;
    deliveries.push(performance.now() - changedAt);
    if (++seen === WATCHERS) allSeen();
  };
  const stops = await Promise.all(Array.from({ length: WATCHERS }, () => kube.watchLines(agents, hear)));
  for (let change = 0; change < WARM_UP + CHANGES; change++) {
    if (change === WARM_UP) deliveries.length = 0;
    seen = 0;
    const everybody = new Promise((resolve) => {
      allSeen = resolve;
    });
    changedAt = performance.now();
    await kube.call('POST', agents, agent(`watched-${change}`));
    await everybody;
  }
  for (const stop of stops) stop();
  return deliveries;
}
