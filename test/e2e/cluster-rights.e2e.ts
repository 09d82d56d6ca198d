import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditedCluster } from '../harness/cluster/audited-cluster.js';
import { doEveryDuty } from '../harness/cluster/every-duty.js';
import { machineAddress } from '../harness/cluster/machine-address.js';
import { canRunPods, type RunningPod } from '../harness/cluster/pod.js';
import { type Json, Workplace } from '../harness/cluster/workplace.js';
import { controlPlaneBinaries } from '../harness/control-plane.js';
import { freePort } from '../harness/free-port.js';
import { findHelm, set, template } from '../harness/helm.js';
import { query } from '../harness/manifests.js';
import { findKubectl } from '../harness/runtime.js';

const NAMESPACE = 'ark-system';
const WORK = 'work';
const TENANT = 'tenant';
const able = controlPlaneBinaries() && findHelm() && findKubectl() && machineAddress() && canRunPods();

(able ? describe : describe.skip)('the rights of the chart in a real cluster', () => {
  let cluster: AuditedCluster;
  let pod: RunningPod | undefined;
  beforeAll(async () => {
    cluster = await AuditedCluster.start(controlPlaneBinaries() ?? '');
    const values = set('persistence.enabled=false', 'auth.mode=token', 'queryServiceAccounts.enabled=true');
    await cluster.install(NAMESPACE, ...values, ...set(`containerPort=${await freePort()}`));
  });
  afterEach(async () => {
    await pod?.stop();
    // The release for the whole cluster would find it there.
    await cluster.kubectl(['delete', 'namespace', TENANT, '--ignore-not-found']);
  });
  afterAll(() => cluster?.stop(), 60_000);

  async function readsInTheNameOfServiceAccounts(at: Workplace): Promise<void> {
    const role = ['--verb=get', '--resource=agents.ark.mckinsey.com,models.ark.mckinsey.com'];
    await at.kubectl('create', 'serviceaccount', 'reader');
    await at.kubectl('create', 'role', 'reader', ...role);
    await at.kubectl('create', 'rolebinding', 'reader', '--role=reader', `--serviceaccount=${WORK}:reader`);
    const asked = { input: 'Go.', target: { type: 'agent', name: 'parrot' }, serviceAccount: 'reader' };
    await at.apply(query('as-reader', asked));
    await at.isIn('done', 'as-reader');
    const impersonation = set('auth.impersonation.enabled=true');
    await cluster.kubectl(['apply', '-f', '-'], await template(...impersonation, '-s', 'templates/impersonation.yaml'));
    for (const kind of ['users', 'groups', 'serviceaccounts']) {
      const asked = ['auth', 'can-i', 'impersonate', kind, '--as=system:serviceaccount:agents:ark'];
      expect(await cluster.kubectl(asked)).toContain('yes');
    }
  }

  async function holdsALeaseAndShowsItsEngines(namespace: string, work = namespace): Promise<void> {
    const { items } = await cluster.get<{ items: Json[] }>('leases', '-n', namespace);
    expect(items).toHaveLength(1);
    const engine = await cluster.get<Json>('executionengine', 'echo', '-n', namespace);
    expect(engine.spec.address.value).toBe(`http://ark.${namespace}.svc:80/engines/echo/`);
    const { items: events } = await cluster.get<{ items: Json[] }>('events', '-n', work);
    expect(events.length).toBeGreaterThan(0);
    expect(await pod?.stop()).toBe(0);
    expect(await cluster.get<Json>('leases', '-n', namespace)).toMatchObject({ items: [] });
  }

  it('are enough for the work in all namespaces, and none is never used', async () => {
    await cluster.kubectl(['create', 'namespace', WORK]);
    await cluster.kubectl(['create', 'serviceaccount', 'caller', '-n', WORK]);
    const may = ['--clusterrole=cluster-admin', `--serviceaccount=${WORK}:caller`];
    await cluster.kubectl(['create', 'rolebinding', 'caller', '-n', WORK, ...may]);
    const token = (await cluster.kubectl(['create', 'token', 'caller', '-n', WORK])).trim();
    pod = await cluster.run(NAMESPACE);
    const at = new Workplace(cluster, WORK, pod, token);
    await doEveryDuty(at);
    await readsInTheNameOfServiceAccounts(at);
    await holdsALeaseAndShowsItsEngines(NAMESPACE, WORK);
    expect(cluster.audit(NAMESPACE).refused()).toEqual([]);
    expect(await cluster.unused(NAMESPACE)).toEqual({
      [`${NAMESPACE}:ark`]: [],
      'ark-own': [],
      // Impersonating is no request of its own.
      [`${NAMESPACE}-ark-query-authors`]: ['impersonate serviceaccounts'],
    });
  }, 240_000);

  it('are enough for the work in the one namespace of a release, and none is never used', async () => {
    const values = set('namespaced=true', 'crds.install=false', 'persistence.enabled=false');
    const admin = set('auth.adminTokenSecret.name=ark-admin', `containerPort=${await freePort()}`);
    await cluster.install(TENANT, ...values, ...admin);
    const token = 'an-administrator-of-one-namespace';
    pod = await cluster.run(TENANT, 'all', { secrets: { 'ark-admin/token': token } });
    await doEveryDuty(new Workplace(cluster, TENANT, pod, token));
    await holdsALeaseAndShowsItsEngines(TENANT);
    expect(cluster.audit(TENANT).refused()).toEqual([]);
    expect(await cluster.unused(TENANT)).toEqual({ ark: [], 'ark-own': [] });
  }, 240_000);
});
