// Measures the Query plane of the built program beside its budgets. Prints a Markdown table; writes nothing.
// With KUBEBUILDER_ASSETS also on a real API server; `--real-only` measures nothing else.
import { cpus, totalmem } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { CHURN_SETTINGS, churn, many } from '../gateway/churn.mjs';
import { messages } from '../gateway/messages.mjs';
import { controlPlaneBinaries } from '../harness/control-plane.mjs';
import { Runtime } from '../harness/runtime.mjs';
import { median, round } from '../harness/statistics.mjs';
import { burst } from './burst.mjs';
import { latency } from './latency.mjs';
import { listing } from './listing.mjs';
import { peers } from './peers.mjs';
import { rate } from './rate.mjs';
import { onRealApiServer } from './real-api-server.mjs';

const rows = [];
const report = (found) => {
  rows.push(...found);
  for (const row of found) process.stderr.write(`${row.what}: ${row.value} ${row.unit}\n`);
};

async function starts() {
  const times = [];
  const idle = [];
  for (let i = 0; i < 3; i++) {
    const runtime = await Runtime.start();
    times.push(runtime.startMs);
    await pause(2000);
    idle.push(runtime.rssMiB());
    await runtime.stop();
  }
  return [
    { what: 'start to ready', budget: '≤ 2 s', value: round(median(times) / 1000, 2), unit: 's' },
    { what: 'idle RSS', budget: '≤ 180 MiB', value: round(median(idle), 0), unit: 'MiB' },
  ];
}

/** Each measurement gets a fresh process, so that none inherits another's heap. */
async function on(fresh, ...measurements) {
  const runtime = await Runtime.start(fresh);
  try {
    for (const measure of measurements) report(await measure(runtime));
  } finally {
    await runtime.stop();
  }
}

async function embedded() {
  report(await peers());
  report(await starts());
  await on({}, latency, rate);
  await on({}, burst);
  await on({}, listing);
  await on({}, (runtime) => messages(runtime, 'gateway'));
  await on({ ARK_GATEWAY_PERSIST: 'never' }, (runtime) => messages(runtime, 'gateway without Queries'));
  await on(CHURN_SETTINGS, churn);
  await on({}, many);

  const measured = (what) => rows.find((row) => row.what === what).value;
  const ratio = (a, b) => round(measured(a) / measured(b), 2);
  report([
    {
      what: 'Query p50 over the bare A2A SDK echo',
      budget: '—',
      value: ratio('Query create → done, p50', 'peer: bare A2A SDK echo, p50'),
      unit: '×',
    },
    {
      what: 'Queries per second over the bare A2A SDK echo',
      budget: '—',
      value: ratio('sustained Queries per second', 'peer: bare A2A SDK echo'),
      unit: '×',
    },
  ]);
}

if (!process.argv.includes('--real-only')) await embedded();
if (controlPlaneBinaries()) await onRealApiServer(report);
else process.stderr.write('No real API server: set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver.\n');

const memory = Math.round(totalmem() / 2 ** 30);
process.stdout.write(`\n${cpus().length} × ${cpus()[0].model}, ${memory} GiB, Node ${process.versions.node}\n\n`);
process.stdout.write('| What | Budget | Measured |\n|---|---|---|\n');
for (const row of rows) process.stdout.write(`| ${row.what} | ${row.budget} | ${row.value} ${row.unit} |\n`);
