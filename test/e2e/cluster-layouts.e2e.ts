import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditedCluster } from '../harness/cluster/audited-cluster.js';
import { canRunPods, type RunningPod } from '../harness/cluster/pod.js';
import { controlPlaneBinaries } from '../harness/control-plane.js';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { findHelm, set } from '../harness/helm.js';
import { agent, query } from '../harness/manifests.js';
import { postgresPrograms, startPostgres } from '../harness/postgres.js';
import { findKubectl } from '../harness/runtime.js';

/** What comes over the wire; expectations say what it must be. */
type Json = Record<string, ReturnType<typeof JSON.parse>>;

const PARTS = ['controller', 'api', 'gateway', 'engine'] as const;
const able = controlPlaneBinaries() && findHelm() && findKubectl() && canRunPods();
const parrot = (namespace: string) => agent('parrot', { executionEngine: { name: 'echo' } }, namespace);
const asksParrot = (name: string, namespace: string) =>
  query(name, { input: 'Polly', target: { type: 'agent', name: 'parrot' } }, namespace);

(able ? describe : describe.skip)('releases of the chart in a real cluster', () => {
  let cluster: AuditedCluster;
  const pods: RunningPod[] = [];
  beforeAll(async () => {
    cluster = await AuditedCluster.start(controlPlaneBinaries() ?? '');
    await cluster.kubectl(['apply', '--server-side', '-f', 'crds/']);
  });
  afterEach(async () => {
    for (const pod of pods.splice(0)) await pod.stop();
  });
  afterAll(() => cluster?.stop(), 60_000);

  const answer = async (name: string, namespace: string) =>
    (await cluster.get<Json>('query', name, '-n', namespace)).status?.response?.content as string | undefined;
  const answered = (name: string, namespace: string) =>
    eventually(async () => expect(await answer(name, namespace)).toBe('Polly'));

  it('for one namespace work with Roles alone, and leave the others alone', async () => {
    const port = `containerPort=${await freePort()}`;
    const values = set('namespaced=true', 'crds.install=false', 'persistence.enabled=false', port);
    await cluster.install('tenant', ...values);
    await cluster.kubectl(['create', 'namespace', 'neighbour']);
    const pod = await cluster.run('tenant');
    pods.push(pod);
    for (const namespace of ['neighbour', 'tenant'])
      await cluster.apply(parrot(namespace), asksParrot('hello', namespace));
    await answered('hello', 'tenant');
    expect((await cluster.get<Json>('query', 'hello', '-n', 'neighbour')).status).toBeUndefined();
    expect(await pod.stop()).toBe(0);
    expect(cluster.audit('tenant').refused()).toEqual([]);
  });

  (postgresPrograms() ? it : it.skip)(
    'in parts answer at the gateway, at the engines and in streams',
    async () => {
      const database = await startPostgres();
      try {
        await cluster.install('parts', ...set('layout=split', 'crds.install=false', `database.url=${database.url}`));
        const secrets = { 'ark-database/url': database.url };
        const started = PARTS.map(async (part) => cluster.run('parts', part, { secrets, port: await freePort() }));
        const [controller, api, gateway, engine] = await Promise.all(started);
        pods.push(...[controller, api, gateway, engine].filter((pod) => pod !== undefined));
        await cluster.apply(parrot('parts'), asksParrot('hello', 'parts'));
        await answered('hello', 'parts');
        const message = { role: 'user', kind: 'message', messageId: 'm', parts: [{ kind: 'text', text: 'Polly' }] };
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } });
        const headers = { 'content-type': 'application/json' };
        const asked = await fetch(`${gateway?.url}/agent/parrot/`, { method: 'POST', headers, body });
        expect(await asked.json()).toMatchObject({ result: { parts: [{ text: 'Polly' }] } });
        expect(await (await fetch(`${engine?.url}/engines/echo/.well-known/agent-card.json`)).json()).toMatchObject({
          url: 'http://ark-engine.parts.svc:80/engines/echo',
        });
        const stream = await fetch(`${api?.url}/stream/hello?namespace=parts&from-beginning=true`);
        expect(await stream.text()).toContain('Polly');
        const messages = await fetch(`${api?.url}/messages?namespace=parts&query_id=hello`);
        expect(JSON.stringify(await messages.json())).toContain('Polly');
        expect((await fetch(`${controller?.url}/agents`)).status).toBe(404);
        for (const pod of pods) expect(await pod.stop()).toBe(0);
        expect(cluster.audit('parts').refused()).toEqual([]);
      } finally {
        for (const pod of pods.splice(0)) await pod.stop();
        await database.stop();
      }
    },
    120_000,
  );

  it('can be upgraded, and leave every kind and object when they are uninstalled', async () => {
    // Those of beforeAll are nobody's; this release takes them over.
    const definitions = (await cluster.kubectl(['get', 'crd', '-o', 'name'])).trim().split('\n');
    const to = ['meta.helm.sh/release-name=ark', 'meta.helm.sh/release-namespace=changing'];
    await cluster.kubectl(['annotate', '--overwrite', ...definitions, ...to]);
    await cluster.kubectl(['label', '--overwrite', ...definitions, 'app.kubernetes.io/managed-by=Helm']);
    await cluster.install('changing');
    await cluster.apply(parrot('changing'));
    await cluster.install('changing', '--set-string', 'settings.ARK_MAX_CONCURRENT_QUERIES=7');
    const deployment = await cluster.get<Json>('deployment', 'ark', '-n', 'changing');
    expect(deployment.spec.template.spec.containers[0].env).toContainEqual({
      name: 'ARK_MAX_CONCURRENT_QUERIES',
      value: '7',
    });
    await cluster.helm('uninstall', 'ark', '--namespace', 'changing');
    expect(await cluster.get<Json>('agent', 'parrot', '-n', 'changing')).toMatchObject({
      metadata: { name: 'parrot' },
    });
    await expect(cluster.get('deployment', 'ark', '-n', 'changing')).rejects.toThrow('NotFound');
  });
});
