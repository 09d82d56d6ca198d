// Measures what readers of streams cost: 1 000 that wait, then 1 000 Queries that speak at the same time, each with a
// reader. Needs the built program. Prints a Markdown table; writes nothing.
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Runtime } from '../harness/runtime.mjs';
import { inParallel, percentile, round } from '../harness/statistics.mjs';

const STREAMS = 1_000;
const SETTLE_MS = 3_000;
const ARK = '/apis/ark.mckinsey.com/v1alpha1/namespaces/default';
const WORDS = Array.from({ length: 20 }, (_, i) => `word${i}`).join(' ');

const runtime = await Runtime.start({ ARK_MAX_CONCURRENT_QUERIES: String(STREAMS) });
const agent = (name, delayMs) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Agent',
  metadata: { name },
  spec: { prompt: 'x', executionEngine: { name: 'echo', options: { delayMs } } },
});
const query = (name, target) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Query',
  metadata: { name },
  spec: { input: WORDS, target: { type: 'agent', name: target }, timeout: '10m' },
});
const create = (kind, object) => runtime.kube.create(`${ARK}/${kind}`, object);
const sockets = new http.Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });

/** A reader from the beginning: when it was let in, when it heard its first words, how many events, and the end. */
function read(name) {
  const url = `${runtime.endpoints.http}/stream/${name}?wait-for-query=300&from-beginning=true`;
  const reader = { events: 0 };
  reader.open = new Promise((opened, failed) => {
    reader.request = http.get(url, { agent: sockets }, (response) => {
      opened();
      response.on('data', (bytes) => {
        reader.events += bytes.toString().split('\ndata: ').length - 1;
        reader.firstAt ??= performance.now();
      });
      reader.ended = new Promise((ended) => response.on('close', ended));
    });
    reader.request.on('error', failed);
  });
  return reader;
}

const rows = [];
const row = (what, budget, value) => rows.push(`| ${what} | ${budget} | ${value} |`);

await create('agents', agent('echo', 0));
await create('agents', agent('slow', 250));
// What the first of everything costs belongs to no stream.
await create('queries', query('warm', 'echo'));
const warm = read('warm');
await warm.open;
await warm.ended;
await pause(SETTLE_MS);

const before = runtime.rssMiB();
const idle = Array.from({ length: STREAMS }, (_, i) => read(`nobody-${i}`));
await Promise.all(idle.map(({ open }) => open));
await pause(SETTLE_MS);
row('1 000 idle SSE streams, RSS', '≤ 100 MiB more', `${round(runtime.rssMiB() - before)} MiB more`);
for (const { request } of idle) request.on('error', () => {}).destroy();
await pause(SETTLE_MS);

const readers = Array.from({ length: STREAMS }, (_, i) => read(`speaker-${i}`));
await Promise.all(readers.map(({ open }) => open));
const began = performance.now();
const createdAt = [];
const peak = { rss: 0 };
const watch = setInterval(() => (peak.rss = Math.max(peak.rss, runtime.rssMiB())), 100);
await inParallel(STREAMS, 64, async (i) => {
  createdAt[i] = performance.now();
  await create('queries', query(`speaker-${i}`, 'slow'));
});
await Promise.all(readers.map(({ ended }) => ended));
clearInterval(watch);
const seconds = (performance.now() - began) / 1_000;
const events = readers.reduce((sum, reader) => sum + reader.events, 0);
const first = readers.map(({ firstAt }, i) => firstAt - createdAt[i]);
row('1 000 speaking streams, create → first words, p50', '—', `${round(percentile(first, 0.5))} ms`);
row('1 000 speaking streams, create → first words, p99', '—', `${round(percentile(first, 0.99))} ms`);
row('1 000 speaking streams, until the last has ended', '5 s of speech', `${round(seconds)} s`);
row('1 000 speaking streams, events delivered', '—', `${round(events / seconds, 0)} /s`);
row('1 000 speaking streams, peak RSS', '—', `${round(peak.rss, 0)} MiB`);

await create('queries', query('lone-warm', 'echo'));
const lone = [];
for (let i = 0; i < 200; i++) {
  const reader = read(`lone-${i}`);
  await reader.open;
  const created = performance.now();
  await create('queries', query(`lone-${i}`, 'echo'));
  await reader.ended;
  lone.push(reader.firstAt - created);
}
row('one stream at a time, create → first words, p50', '—', `${round(percentile(lone, 0.5))} ms`);

await runtime.stop();
process.stdout.write(`| What | Budget | Measured |\n|---|---|---|\n${rows.join('\n')}\n`);
