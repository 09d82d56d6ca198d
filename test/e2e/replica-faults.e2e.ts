import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Orphans } from '../faults/orphans.js';
import type { Replica } from '../faults/replica.js';
import { Replicas } from '../faults/replicas.js';
import { apiServerAway, kills, restartsAtTheDoors, rollingRestart } from '../faults/scenarios.js';
import { controlPlaneBinaries } from '../harness/control-plane.js';
import { postgresPrograms } from '../harness/postgres.js';

const binaries = controlPlaneBinaries();
const missing = [
  ...(binaries ? [] : ['KUBEBUILDER_ASSETS with kube-apiserver']),
  ...(postgresPrograms() ? [] : ['PostgreSQL']),
];
const title = 'three replicas on a real API server and PostgreSQL';

// The long form is `npm run test:faults`.
(missing.length === 0 ? describe : describe.skip)(
  missing.length === 0 ? title : `${title} (needs ${missing.join(' and ')})`,
  () => {
    let replicas: Replicas;
    beforeAll(async () => {
      replicas = await Replicas.start(binaries ?? '');
    });
    afterAll(() => replicas?.stop(), 30_000);
    const RUNS = 20;
    const whole = { injected: 1, queries: RUNS, lost: [], doubles: [] };

    it('finish what one began that was killed, within the time of its Lease', async () => {
      const report = await kills(1_000, 1)(replicas, { prefix: 'killed', count: RUNS });
      expect(report).toMatchObject(whole);
      expect(report.slowestRecoveryMs).toBeLessThanOrEqual(15_000);
    });

    it('finish what one began that was asked to stop, at once', async () => {
      const report = await rollingRestart(1)(replicas, { prefix: 'stopped', count: RUNS });
      expect(report).toMatchObject(whole);
      expect(report.slowestRecoveryMs).toBeLessThanOrEqual(3_000);
    });

    it('answer whoever waits for an answer over HTTP before they stop', async () => {
      expect(await restartsAtTheDoors(replicas, 2)).toMatchObject({ injected: 2, lost: [], doubles: [] });
    });

    // Their heartbeats come every two seconds, on a busy machine less often: a bound in heartbeats knows no clock.
    it.each([
      { how: 'asked to stop, at their next heartbeat', end: 'stop', before: 3 },
      { how: 'killed, within the time of its Lease', end: 'kill', before: 8 },
    ] as const)('look after what was the duty of one that was $how', async ({ end, before }) => {
      const orphans = await Orphans.wait(replicas, end);
      const leaving = replicas.all[0]!;
      await leaving[end]();
      // Without word of the end, another one would look in a minute.
      const heartbeats = await orphans.comfort(({ name }) => !isOf(leaving, name));
      expect(Math.max(...heartbeats)).toBeLessThan(before);
      await leaving.start();
    });

    it('lose nothing when the API server was away', async () => {
      expect(await apiServerAway(2_000)(replicas, { prefix: 'unserved', count: RUNS })).toMatchObject(whole);
    });
  },
);

/** Whether a Lease is that of a process. */
const isOf = ({ pid }: Replica, name: string) => Number(name.split('-').at(-2)) === pid;
