import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditedCluster } from '../harness/cluster/audited-cluster.js';
import { canRunPods, type RunningPod } from '../harness/cluster/pod.js';
import { controlPlaneBinaries } from '../harness/control-plane.js';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { CHART, findHelm, set, template } from '../harness/helm.js';
import { agent, query } from '../harness/manifests.js';
import { OidcIssuer } from '../harness/oidc-issuer.js';
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
    // What whoever may do everything does once, for those who have a namespace.
    const once = ['crds', 'roles-for-people'].flatMap((name) => ['-s', `templates/${name}.yaml`]);
    await cluster.kubectl(['apply', '--server-side', '-f', '-'], await template(...once));
  });
  afterEach(async () => {
    for (const pod of pods.splice(0)) await pod.stop();
  });
  afterAll(() => cluster?.stop(), 60_000);

  const answer = async (name: string, namespace: string) =>
    (await cluster.get<Json>('query', name, '-n', namespace)).status?.response?.content as string | undefined;
  const answered = (name: string, namespace: string) =>
    eventually(async () => expect(await answer(name, namespace)).toBe('Polly'));

  it('for one namespace are installed by its administrator, work with Roles alone, and leave the others alone', async () => {
    const port = await freePort();
    const ports = set(`containerPort=${port}`, `service.port=${port}`);
    const values = [...ports, ...set('namespaced=true', 'crds.install=false', 'persistence.enabled=false')];
    await isAdministratorOf('tenant', 'tess');
    const byTess = ['--namespace', 'tenant', '--kube-as-user', 'tess', ...set('auth.adminTokenSecret.name=ark-admin')];
    const notes = await cluster.helm('install', 'ark', CHART, ...byTess, ...values);
    expect(notes).toContain('TOKEN=$(kubectl -n tenant get secret ark-admin ');
    await cluster.kubectl(['create', 'namespace', 'neighbour']);
    const admin = 'an-administrator-of-one-namespace';
    const pod = await cluster.run('tenant', 'all', { secrets: { 'ark-admin/token': admin } });
    pods.push(pod);
    for (const namespace of ['neighbour', 'tenant'])
      await cluster.apply(parrot(namespace), asksParrot('hello', namespace));
    await answered('hello', 'tenant');
    expect((await cluster.get<Json>('query', 'hello', '-n', 'neighbour')).status).toBeUndefined();
    expect((await call(`${pod.url}/agents`)).status).toBe(401);
    expect(await call(`${pod.url}/agents`, await tokenOf('default', 'tenant'))).toMatchObject({ status: 401 });
    expect((await call(`${pod.url}/agents`, admin)).status).toBe(200);
    const asked = `http://ark.tenant.svc:${port}/readyz`;
    expect(await cluster.helmTest('tenant')).toEqual({ code: 0, output: `${asked} 200\n` });
    expect(await pod.stop()).toBe(0);
    expect(await cluster.helmTest('tenant')).toEqual({
      code: 1,
      output: expect.stringMatching(`${asked}.*ECONNREFUSED`),
    });
    // A Role cannot give the right to ask who somebody is, which it tried for the token that it did not know.
    const unanswered = expect.stringMatching(/^create \S+\/tokenreviews\b/);
    expect(cluster.audit('tenant').refused()).toEqual([unanswered]);
  });

  /** Gives somebody the role `admin` in a new namespace, and no other. */
  const isAdministratorOf = async (namespace: string, user: string) => {
    await cluster.kubectl(['create', 'namespace', namespace]);
    const role = ['--clusterrole=admin', `--user=${user}`, '-n', namespace];
    await cluster.kubectl(['create', 'rolebinding', user, ...role]);
    // The cluster gathers what `admin` means.
    const asked = ['auth', 'can-i', 'patch', 'agents.ark.mckinsey.com/status', '-n', namespace, '--as', user];
    await eventually(async () => expect(await cluster.kubectl(asked)).toContain('yes'));
  };

  /** A token of a ServiceAccount of a namespace. */
  const tokenOf = async (account: string, namespace: string) =>
    (await cluster.kubectl(['create', 'token', account, '-n', namespace])).trim();
  const call = async (url: string, credential?: string, body?: object) => {
    const headers = {
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    const answer = await fetch(url, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
    return { status: answer.status, text: await answer.text() };
  };
  const says = (text: string) => {
    const message = { role: 'user', kind: 'message', messageId: 'm', parts: [{ kind: 'text', text }] };
    return { jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } };
  };

  /** Types what the notes tell; gives the token of who then has the aggregated rights of `edit`. */
  const followNotes = async (notes: string) => {
    expect(notes).toContain('service/ark-api');
    const typed = notes.split('\n').filter((line) => /^ *kubectl .* create (serviceaccount|rolebinding) /.test(line));
    expect(typed).toHaveLength(2);
    for (const line of typed) await cluster.kubectl(line.trim().split(' ').slice(1));
    return tokenOf('ark-caller', 'parts');
  };

  const hasFiguresApart = async ({ metricsUrl = '', url }: RunningPod, admin: string) => {
    expect((await call(metricsUrl)).text).toContain('ark_bugs_total 0');
    expect(await call(`${url}/metrics`, admin)).toMatchObject({ status: 404 });
  };

  (postgresPrograms() ? it : it.skip)(
    'in parts answer at the gateway, at the engines and in streams whoever proves who they are',
    async () => {
      const [database, issuer] = await Promise.all([startPostgres(), OidcIssuer.start()]);
      try {
        const auth = [
          ...set('auth.mode=token\\,oidc', `settings.ARK_OIDC_ISSUER=${issuer.url}`, 'settings.ARK_OIDC_AUDIENCE=ark'),
          ...set('settings.ARK_OIDC_ROLES=partners=user@parts'),
        ];
        const values = set('layout=split', 'crds.install=false', `database.url=${database.url}`);
        const notes = await cluster.install('parts', ...values, ...auth);
        await cluster.kubectl(['create', 'serviceaccount', 'boss', '-n', 'parts']);
        const may = ['--clusterrole=cluster-admin', '--serviceaccount=parts:boss'];
        await cluster.kubectl(['create', 'clusterrolebinding', 'boss', ...may]);
        const secrets = { 'ark-database/url': database.url };
        const started = PARTS.map(async (part) => cluster.run('parts', part, { secrets, port: await freePort() }));
        pods.push(...(await Promise.all(started)));
        const [controller = '', api = '', gateway = '', engine = ''] = pods.map(({ url }) => url);

        await cluster.apply(parrot('parts'), asksParrot('hello', 'parts'));
        await answered('hello', 'parts');
        const boss = await tokenOf('boss', 'parts');
        const made = await call(`${api}/v1/api-keys`, boss, { name: 'partner', roles: ['user@parts'] });
        expect(made.status).toBe(201);
        const { public_key: id, secret_key: secret } = JSON.parse(made.text) as Record<string, string>;
        const key = `${id}.${secret}`;

        const editor = await followNotes(notes);
        expect(await call(`${gateway}/ns/parts/agents`, editor)).toMatchObject({ status: 200 });
        expect(await call(`${gateway}/ns/tenant/agents`, editor)).toMatchObject({ status: 403 });
        const agent = `${gateway}/agent/parrot/`;
        expect(await call(agent, key, says('Polly'))).toMatchObject({
          status: 200,
          text: expect.stringContaining('Polly'),
        });
        const partner = await issuer.token({ groups: ['partners'] });
        expect(await call(agent, partner, says('Polly'))).toMatchObject({ status: 200 });
        const card = await call(`${engine}/engines/echo/.well-known/agent-card.json`, boss);
        expect(JSON.parse(card.text)).toMatchObject({ url: 'http://ark-engine.parts.svc:80/engines/echo' });
        const stream = `${api}/stream/hello?namespace=parts&from-beginning=true`;
        const messages = `${api}/messages?namespace=parts&query_id=hello`;
        for (const url of [stream, messages]) expect((await call(url, key)).text).toContain('Polly');
        expect((await call(`${controller}/agents`, key)).status).toBe(404);
        for (const pod of pods) await hasFiguresApart(pod, boss);

        const doors = [`${gateway}/agents`, `${engine}/engines/echo/.well-known/agent-card.json`, stream, messages];
        for (const url of doors) {
          expect(await call(url)).toMatchObject({ status: 401 });
          expect(await call(url, await issuer.token({ groups: ['strangers'] }))).toMatchObject({ status: 403 });
        }
        expect(await call(agent, undefined, says('Polly'))).toMatchObject({ status: 401 });
        const headers = { authorization: `Bearer ${boss}` };
        const gone = await fetch(`${api}/v1/api-keys/${id}`, { method: 'DELETE', headers });
        expect(gone.status).toBeLessThan(300);
        await eventually(async () => expect(await call(agent, key, says('Polly'))).toMatchObject({ status: 401 }));
        for (const pod of pods) expect(await pod.stop()).toBe(0);
        expect(cluster.audit('parts').refused()).toEqual([]);
      } finally {
        for (const pod of pods.splice(0)) await pod.stop();
        await Promise.all([database.stop(), issuer.stop()]);
      }
    },
    120_000,
  );

  it('that act in the name of callers let the rights of the cluster decide, at the gateway and at the REST API', async () => {
    const issuer = await OidcIssuer.start();
    try {
      const auth = [
        ...set('auth.mode=token\\,oidc', `settings.ARK_OIDC_ISSUER=${issuer.url}`, 'settings.ARK_OIDC_AUDIENCE=ark'),
        ...set('auth.impersonation.enabled=true', 'auth.impersonation.prefix=corp:'),
      ];
      const port = `containerPort=${await freePort()}`;
      await cluster.install('names', ...set('crds.install=false', 'persistence.enabled=false', port), ...auth);
      await cluster.kubectl(['create', 'namespace', 'team-a']);
      await cluster.kubectl(['create', 'serviceaccount', 'bot', '-n', 'team-a']);
      const operator = [
        '--verb=create,get,list',
        '--resource=agents.ark.mckinsey.com,queries.ark.mckinsey.com,teams.ark.mckinsey.com,a2atasks.ark.mckinsey.com',
      ];
      await cluster.kubectl(['create', 'role', 'operator', '-n', 'team-a', ...operator]);
      const operators = ['--role=operator', '--group=corp:operators', '--serviceaccount=team-a:bot'];
      await cluster.kubectl(['create', 'rolebinding', 'operators', '-n', 'team-a', ...operators]);
      const asker = ['--verb=create,get', '--resource=queries.ark.mckinsey.com'];
      await cluster.kubectl(['create', 'role', 'asker', '-n', 'team-a', ...asker]);
      await cluster.kubectl(['create', 'rolebinding', 'askers', '-n', 'team-a', '--role=asker', '--group=corp:askers']);
      const pod = await cluster.run('names');
      pods.push(pod);
      await cluster.apply(parrot('team-a'));

      const agents = `${pod.url}/ns/team-a/agents`;
      const parrots = `${pod.url}/ns/team-a/agent/parrot/`;
      const tasks = `${pod.url}/v1/a2a-tasks?namespace=team-a`;
      const ana = await issuer.token({ email: 'ana@example.com', groups: ['operators'] });
      await eventually(async () => expect((await call(agents, ana)).text).toContain('parrot'));
      for (const credential of [ana, await tokenOf('bot', 'team-a')]) {
        expect(await call(parrots, credential, says('hi'))).toMatchObject({
          status: 200,
          text: expect.stringContaining('"hi"'),
        });
        expect(await call(tasks, credential)).toMatchObject({ status: 200 });
      }
      // Eve passes the guard, which asks about Queries; what is behind it, the cluster refuses in her name.
      const eve = await issuer.token({ email: 'eve@example.com', groups: ['askers'] });
      for (const url of [agents, tasks]) {
        expect(await call(url, eve)).toMatchObject({
          status: 403,
          text: expect.stringContaining('corp:eve@example.com'),
        });
      }
      expect(await call(parrots, eve, says('hi'))).toMatchObject({
        status: 403,
        text: expect.stringContaining('corp:eve@example.com'),
      });
      const stranger = await issuer.token({ email: 'mallory@example.com' });
      for (const url of [agents, tasks, parrots]) expect(await call(url, stranger)).toMatchObject({ status: 403 });
      expect(await pod.stop()).toBe(0);
      expect(cluster.audit('names').refused()).toEqual([]);
    } finally {
      for (const pod of pods.splice(0)) await pod.stop();
      await issuer.stop();
    }
  }, 120_000);

  it('let who may view or edit a namespace view or edit its agents, and editors ask with its service accounts', async () => {
    const values = ['crds.install=false', 'persistence.enabled=false', 'queryServiceAccounts.enabled=true'];
    await cluster.install('people', ...set(...values));
    const asks = ['--verb=create,get,patch', '--resource=queries.ark.mckinsey.com'];
    await cluster.kubectl(['create', 'role', 'asker', '-n', 'people', ...asks]);
    const roles = {
      vera: '--clusterrole=view',
      eli: '--clusterrole=edit',
      ada: '--clusterrole=admin',
      asa: '--role=asker',
    };
    for (const [user, role] of Object.entries(roles))
      await cluster.kubectl(['create', 'rolebinding', user, '-n', 'people', role, `--user=${user}`]);
    const as = (user: string, ...args: string[]) => cluster.kubectl([...args, '-n', 'people', '--as', user]);
    const asksAs = (user: string, name: string) => {
      const asked = asksParrot(name, 'people');
      const object = { ...asked, spec: { ...asked.spec, serviceAccount: 'default' } };
      const args = ['apply', '-f', '-', '-n', 'people', '--as', user];
      return cluster.kubectl(args, JSON.stringify(object));
    };
    // The cluster adds the rules to its own roles in its own time.
    for (const user of ['eli', 'ada']) await eventually(() => as(user, 'auth', 'can-i', 'use', 'serviceaccounts'));
    await eventually(() => as('vera', 'auth', 'can-i', 'list', 'agents.ark.mckinsey.com'));
    await cluster.apply(parrot('people'));
    expect(await as('vera', 'get', 'agents')).toContain('parrot');
    await expect(as('vera', 'delete', 'agent', 'parrot')).rejects.toThrow('Forbidden');
    await expect(asksAs('vera', 'of-vera')).rejects.toThrow('Forbidden');
    await expect(as('vera', 'auth', 'can-i', 'use', 'serviceaccounts')).rejects.toThrow('ended with 1');
    // The policy is in force a moment after it is stored.
    let tries = 0;
    await eventually(() =>
      expect(asksAs('asa', `of-asa-${tries++}`)).rejects.toThrow('asa may not use service account default'),
    );
    for (const user of ['eli', 'ada']) {
      expect(await asksAs(user, `of-${user}`)).toContain('created');
      expect(await as(user, 'delete', 'query', `of-${user}`)).toContain('deleted');
    }
    await cluster.helm('uninstall', 'ark', '--namespace', 'people');
  });

  it('can be upgraded, and leave every kind and object when they are uninstalled', async () => {
    // Of the definitions: those of beforeAll are nobody's.
    await cluster.install('changing', '--take-ownership');
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
