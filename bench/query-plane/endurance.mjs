// 20 000 Queries through one process: memory, disk and the start after. Run by itself: node bench/query-plane/endurance.mjs [count]
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Runtime } from '../harness/runtime.mjs';
import { inParallel, round } from '../harness/statistics.mjs';
import { createInstantAgent, createQuery, QueryObserver } from './queries.mjs';

const COUNT = Number(process.argv[2] ?? 20_000);
const PER_ROUND = 1_000;

const folderMiB = (folder) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 2 ** 20;
const tell = (what, value, unit) => process.stdout.write(`| ${what} | ${round(value, 1)} ${unit} |\n`);

const runtime = await Runtime.start();
await createInstantAgent(runtime.kube, 'default');
const observer = await QueryObserver.open(runtime.kube);
tell('RSS before', runtime.rssMiB(), 'MiB');
tell('data folder before', folderMiB(runtime.dataDir), 'MiB');
const began = performance.now();
for (let from = 0; from < COUNT; from += PER_ROUND) {
  await inParallel(PER_ROUND, 64, (i) => createQuery(runtime.kube, 'default', `q-${from + i}`));
  await Promise.all(Array.from({ length: PER_ROUND }, (_, i) => observer.done('default', `q-${from + i}`)));
  if (from % 5_000 === 0) tell(`RSS after ${from + PER_ROUND}`, runtime.rssMiB(), 'MiB');
}
tell(`${COUNT} Queries`, COUNT / ((performance.now() - began) / 1000), '/s');
tell('done', [...observer.phases.values()].filter((phase) => phase === 'done').length, '');
observer.stop();
await pause(5_000);
tell('RSS after, 5 s idle', runtime.rssMiB(), 'MiB');
// V8 collects an idle heap after a while; with any allocation going on it takes its time.
await pause(115_000);
tell('RSS after, 2 min idle', runtime.rssMiB(), 'MiB');
tell('data folder after', folderMiB(runtime.dataDir), 'MiB');
const again = await runtime.restart();
tell('start to ready with all of them', again.startMs / 1000, 's');
await pause(2_000);
tell('RSS after the restart', again.rssMiB(), 'MiB');
await again.stop();
