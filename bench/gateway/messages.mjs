import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { inParallel, percentile, round } from '../harness/statistics.mjs';
import { createInstantAgent } from '../query-plane/queries.mjs';
import { latencies, send, stream } from './a2a-calls.mjs';

const WARM_UP = 200;
const WIDTHS = [1, 10, 100];
const SAMPLES = 1_000;

/** `message/send` and the first piece of a stream through the gateway, beside the bare SDK in the same run. */
export async function messages(runtime, gateway) {
  await createInstantAgent(runtime.kube, 'default');
  const peer = fork(new URL('./peer-server.mjs', import.meta.url));
  try {
    const [{ url: bare }] = await once(peer, 'message');
    const ours = `${runtime.endpoints.http}/agent/instant/`;
    const rows = [];
    const compare = async (what, measure, budget) => {
      const [theirs, mine] = [await measure(bare), await measure(ours)];
      rows.push(
        { what: `peer: bare A2A SDK, ${what}`, budget: '—', value: round(theirs, 2), unit: 'ms' },
        { what: `${gateway}, ${what}`, budget: '—', value: round(mine, 2), unit: 'ms' },
        { what: `${gateway} over the bare A2A SDK, ${what}`, budget, value: round(mine / theirs), unit: '×' },
      );
    };
    for (const url of [bare, ours]) await latencies(10, WARM_UP, () => send(url));
    rows.push(...(await processorTime([bare, peer.pid], [ours, runtime.child.pid], gateway)));
    for (const width of WIDTHS) {
      const budget = width === 1 ? '≤ 1.5×' : '—';
      await compare(`message/send, ${width} at once, p50`, (url) => latencies(width, SAMPLES, () => send(url)), budget);
    }
    for (const width of WIDTHS) {
      await compare(`first piece of a stream, ${width} at once, p50`, (url) => firstPieces(width, url), '—');
    }
    return rows;
  } finally {
    peer.kill();
  }
}

/** What a message costs each server, which says more than times where other programs keep the machine busy. */
async function processorTime(theirs, mine, gateway) {
  const spent = async ([url, pid]) => {
    const before = processorMs(pid);
    await latencies(1, SAMPLES, () => send(url));
    return (processorMs(pid) - before) / SAMPLES;
  };
  const [bare, ours] = [await spent(theirs), await spent(mine)];
  const what = 'processor time of a message';
  return [
    { what: `peer: bare A2A SDK, ${what}`, budget: '—', value: round(bare, 2), unit: 'ms' },
    { what: `${gateway}, ${what}`, budget: '—', value: round(ours, 2), unit: 'ms' },
    { what: `${gateway} over the bare A2A SDK, ${what}`, budget: '—', value: round(ours / bare), unit: '×' },
  ];
}

/** Linux counts in hundredths of a second. */
function processorMs(pid) {
  const [, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function firstPieces(width, url) {
  const times = [];
  await inParallel(SAMPLES / 4, width, async () => {
    const start = performance.now();
    let first;
    await stream(url, 'stream', () => (first ??= performance.now() - start));
    if (first === undefined) throw new Error(`${url} said nothing`);
    times.push(first);
  });
  return percentile(times, 0.5);
}
