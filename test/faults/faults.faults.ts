import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { controlPlaneBinaries } from '../harness/control-plane.js';
import { Replicas } from './replicas.js';
import { type FaultReport, table } from './report.js';
import { apiServerAway, calm, cuts, databaseAway, kills, restartsAtTheDoors, rollingRestart } from './scenarios.js';

const binaries = controlPlaneBinaries();
const MINUTE = 60_000;
/** A shutdown gives claims back; the Lease of who was killed runs out. The table says how long it took. */
const AFTER_TERM_MS = 3_000;
const LEASE_MS = 15_000;
/** What a machine that is busy with other things may add: these tests are about what is lost. */
const SLACK_MS = 30_000;

describe('three replicas on one API server and one PostgreSQL', () => {
  const reports: FaultReport[] = [];
  let replicas: Replicas;
  const begin = async (options = {}) => {
    // Whoever asks for faults wants to see some: nothing is skipped.
    if (!binaries) throw new Error('set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver');
    replicas = await Replicas.start(binaries, options);
  };
  const judge = (report: FaultReport, recoveryMs: number) => {
    reports.push(report);
    expect(report).toMatchObject({ lost: [], doubles: [] });
    expect(report.injected).toBeGreaterThan(0);
    expect(report.slowestRecoveryMs).toBeLessThanOrEqual(recoveryMs + SLACK_MS);
  };
  afterEach(() => replicas?.stop(), MINUTE);
  afterAll(() => void process.stdout.write(`\n${table(reports)}\n`));

  it(
    'finish every run although one is killed every five seconds',
    async () => {
      await begin();
      judge(await kills(5_000)(replicas, { prefix: 'killed', count: 200 }), LEASE_MS);
    },
    10 * MINUTE,
  );

  it(
    'finish every run while each is restarted',
    async () => {
      await begin();
      judge(await rollingRestart(3)(replicas, { prefix: 'rolled', count: 200 }), AFTER_TERM_MS);
    },
    10 * MINUTE,
  );

  it(
    'answer every message over HTTP while each is restarted',
    async () => {
      await begin();
      judge(await restartsAtTheDoors(replicas, 6), AFTER_TERM_MS);
    },
    10 * MINUTE,
  );

  it(
    'finish every run when the API server was away for half a minute',
    async () => {
      await begin();
      judge(await apiServerAway(30_000)(replicas, { prefix: 'unserved', count: 100 }), LEASE_MS);
    },
    10 * MINUTE,
  );

  it(
    'finish every run when PostgreSQL was away for ten seconds',
    async () => {
      await begin();
      judge(await databaseAway(10_000)(replicas, { prefix: 'forgetful', count: 100 }), LEASE_MS);
    },
    10 * MINUTE,
  );

  it(
    'finish every run although their watches are cut every second',
    async () => {
      await begin();
      judge(await cuts(1_000)(replicas, { prefix: 'cut', count: 100 }), LEASE_MS);
    },
    10 * MINUTE,
  );

  it(
    'finish every run, killed ones too, when a clock is a minute ahead',
    async () => {
      await begin({ skewMs: MINUTE });
      judge(await calm('one clock a minute ahead')(replicas, { prefix: 'ahead', count: 60 }), LEASE_MS);
      const both = await kills(5_000, 2)(replicas, { prefix: 'late', count: 60 });
      judge({ ...both, fault: `${both.fault}, one clock a minute ahead` }, LEASE_MS);
    },
    10 * MINUTE,
  );
});
