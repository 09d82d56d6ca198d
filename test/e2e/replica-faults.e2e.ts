import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Replicas } from '../faults/replicas.js';
import { apiServerAway, kills, restartsAtTheDoors, rollingRestart } from '../faults/scenarios.js';
import { controlPlaneBinaries } from '../harness/control-plane.js';
import { eventually } from '../harness/eventually.js';
import { postgresPrograms } from '../harness/postgres.js';

const GROUP = '/apis/ark.mckinsey.com/v1alpha1/namespaces/default';

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

    it('tell at once about what one looked after that was asked to stop', async () => {
      const orphans = Array.from({ length: 12 }, (_, i) => agent(`orphan-${i}`, 'late'));
      for (const orphan of orphans) await replicas.client.call('POST', `${GROUP}/agents`, orphan);
      await eventually(async () => expect(await availability(replicas)).toEqual(orphans.map(() => 'False')));
      const leaving = replicas.all[0]!;
      await leaving.stop();
      await replicas.client.call('POST', `${GROUP}/models`, scriptedModel('late'));
      // Without word of the end, another one would look in a minute.
      await eventually(async () => expect(await availability(replicas)).toEqual(orphans.map(() => 'True')), {
        within: 30_000,
      });
      await leaving.start();
    });

    it('lose nothing when the API server was away', async () => {
      expect(await apiServerAway(2_000)(replicas, { prefix: 'unserved', count: RUNS })).toMatchObject(whole);
    });
  },
);

const agent = (name: string, model: string) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Agent',
  metadata: { name, labels: { test: 'orphan' } },
  spec: { prompt: 'Wait.', modelRef: { name: model } },
});

const scriptedModel = (name: string) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Model',
  metadata: { name },
  spec: {
    provider: 'scripted',
    model: { value: 's' },
    config: { scripted: { script: [{ match: '.*', answer: 'yes' }] } },
  },
});

async function availability({ client }: Replicas): Promise<(string | undefined)[]> {
  type Agents = { items: { status?: { conditions?: { type: string; status: string }[] } }[] };
  const { items } = await client.call<Agents>('GET', `${GROUP}/agents?labelSelector=test%3Dorphan`);
  return items.map(({ status }) => status?.conditions?.find(({ type }) => type === 'Available')?.status);
}
