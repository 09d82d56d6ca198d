import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ControlPlane, controlPlaneBinaries } from '../harness/control-plane.js';
import { eventually } from '../harness/eventually.js';
import { findHelm, set, template } from '../harness/helm.js';
import { OidcIssuer } from '../harness/oidc-issuer.js';
import { findKubectl, Runtime, run } from '../harness/runtime.js';

const binaries = controlPlaneBinaries();

const ROLES = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: asker }
rules:
  - { apiGroups: [ark.mckinsey.com], resources: [queries], verbs: [get, create] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: bot, namespace: team-a }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: asker }
subjects: [{ kind: ServiceAccount, name: bot, namespace: team-a }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: boss }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: boss, namespace: team-a }]
`;

/** Ana may use the account `reader`, which may read agents and no Secrets; Bob may ask, too. */
const PEOPLE = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ServiceAccount
    metadata: { name: reader, namespace: team-a }
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: { name: user-of-reader, namespace: team-a }
    rules: [{ apiGroups: [""], resources: [serviceaccounts], resourceNames: [reader, ghost], verbs: [use] }]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: { name: ana, namespace: team-a }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: user-of-reader }
    subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: ana }]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: { name: asker, namespace: team-a }
    rules: [{ apiGroups: [ark.mckinsey.com], resources: [queries], verbs: [create, get, patch] }]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: { name: askers, namespace: team-a }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: asker }
    subjects:
      - { apiGroup: rbac.authorization.k8s.io, kind: User, name: ana }
      - { apiGroup: rbac.authorization.k8s.io, kind: User, name: bob }
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: { name: reader, namespace: team-a }
    rules: [{ apiGroups: [ark.mckinsey.com], resources: [agents, models], verbs: [get] }]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: { name: reader, namespace: team-a }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
    subjects: [{ kind: ServiceAccount, name: reader, namespace: team-a }]
  - apiVersion: v1
    kind: Secret
    metadata: { name: diary, namespace: team-a }
    stringData: { today: sunny }
  - apiVersion: ark.mckinsey.com/v1alpha1
    kind: Agent
    metadata: { name: parrot, namespace: team-a }
    spec: { prompt: Repeat., executionEngine: { name: echo } }
  - apiVersion: ark.mckinsey.com/v1alpha1
    kind: Agent
    metadata: { name: confidant, namespace: team-a }
    spec:
      prompt: "Repeat {{.today}}."
      executionEngine: { name: echo }
      parameters: [{ name: today, valueFrom: { secretKeyRef: { name: diary, key: today } } }]
`;

const POLICY = 'agents-ark-query-authors';

const OPERATORS = `apiVersion: v1
kind: List
items:
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: { name: operator, namespace: team-a }
    rules: [{ apiGroups: [ark.mckinsey.com], resources: [agents, teams, queries], verbs: [create, get, list] }]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: { name: operators, namespace: team-a }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: operator }
    subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "corp:operators" }]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: { name: auditors, namespace: team-a }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: asker }
    subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "corp:auditors" }]
`;

const AS_READER_QUERY = `apiVersion: ark.mckinsey.com/v1alpha1
kind: Query
metadata: { name: spoken-to, namespace: team-a }
spec: { input: hello, serviceAccount: reader, target: { type: agent, name: parrot } }
`;
const ITS_TASK = `apiVersion: ark.mckinsey.com/v1alpha1
kind: A2ATask
metadata: { name: spoken-to, namespace: team-a }
spec: { taskId: spoken-to, queryRef: { name: spoken-to }, agentRef: { name: parrot } }
`;

(binaries && findHelm() && findKubectl() ? describe : describe.skip)(
  'a runtime in a cluster that asks who is there',
  () => {
    let plane: ControlPlane;
    let runtime: Runtime;
    const kubectl = async (args: string[], input?: string) => {
      const result = await run(findKubectl() ?? '', ['--kubeconfig', plane.kubeconfig, ...args], { input });
      if (result.code !== 0) throw new Error(result.stderr);
      return result.stdout;
    };
    beforeAll(async () => {
      plane = await ControlPlane.start(binaries ?? '');
      await kubectl(['apply', '--server-side', '-f', 'crds/']);
      await kubectl(['create', 'namespace', 'team-a']);
      for (const name of ['bot', 'boss']) await kubectl(['create', 'serviceaccount', name, '-n', 'team-a']);
      for (const manifest of [ROLES, PEOPLE, OPERATORS]) await kubectl(['apply', '-f', '-'], manifest);
      const args = ['--kubernetes', 'kubeconfig', '--kubeconfig', plane.kubeconfig, '--auth-mode', 'token'];
      runtime = await Runtime.start({ args, env: { ARK_QUERY_AUTHOR_POLICY: POLICY } });
    });
    afterAll(async () => {
      await runtime?.dispose();
      await plane?.stop();
    });

    const token = async (account: string) => (await kubectl(['create', 'token', account, '-n', 'team-a'])).trim();
    const call = async (path: string, bearer: string, method = 'GET') =>
      (await fetch(runtime.endpoints.http + path, { method, headers: { authorization: `Bearer ${bearer}` } })).status;

    it('lets a service account do what the RBAC of the cluster lets it do with Queries', async () => {
      const bot = await token('bot');
      expect(await call('/messages?namespace=team-a', bot)).toBe(200);
      expect(await call('/memory/ns/team-a/conversations', bot, 'POST')).toBe(201);
      expect(await call('/memory/ns/team-a/conversations', bot, 'DELETE')).toBe(403);
      expect(await call('/messages?namespace=default', bot)).toBe(403);
      expect(await call('/v1/api-keys', bot)).toBe(403);
    });

    it('refuses tokens that the cluster does not know', async () => {
      const [head, claims] = (await token('bot')).split('.');
      expect(await call('/messages?namespace=team-a', `${head}.${claims}.AAAA`)).toBe(401);
      expect(await call('/messages?namespace=team-a', 'nonsense')).toBe(401);
    });

    it('lets an admin of the cluster give out keys with the command line', async () => {
      const env = { ARK_API_URL: runtime.endpoints.http, ARK_TOKEN: await token('boss'), KUBECONFIG: plane.kubeconfig };
      const made = await runtime.ark(
        ['keys', 'create', 'ci', '--role', 'reader@team-a', '--kubeconfig', plane.kubeconfig],
        {
          env,
        },
      );
      expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pk-ark-/) });
      expect(await call('/messages?namespace=team-a', made.stdout.trim())).toBe(200);
      const silent = await runtime.ark(['keys', 'list', '--kubeconfig', plane.kubeconfig], {
        env: { ...env, ARK_TOKEN: '' },
      });
      expect(silent).toMatchObject({ code: 1, stderr: expect.stringContaining('Set ARK_API_KEY or ARK_TOKEN') });
    });

    const ask = async (as: string, target: string, more = '') => {
      const name = await kubectl(
        ['create', '--as', as, '-f', '-', '-o', 'name'],
        `apiVersion: ark.mckinsey.com/v1alpha1
kind: Query
metadata: { generateName: ask-, namespace: team-a }
spec: { input: hello, target: { type: agent, name: ${target} }${more} }
`,
      );
      return eventually(async () => {
        const { status } = JSON.parse(await kubectl(['get', name.trim(), '-n', 'team-a', '-o', 'json'])) as {
          status?: { phase: string; response?: { content: string } };
        };
        expect(status?.phase).toMatch(/done|error/);
        return { phase: status?.phase, said: status?.response?.content };
      });
    };
    const AS_READER = ', serviceAccount: reader';
    /** As the chart does; it takes the API server a moment to heed it. */
    const checkAuthors = async () => {
      const values = set('queryServiceAccounts.enabled=true', 'rbac.create=false');
      const policy = await template(...values, '-s', 'templates/query-service-accounts.yaml');
      await kubectl(['apply', '-f', '-'], policy);
      await eventually(async () => {
        await expect(ask('bob', 'parrot', AS_READER)).rejects.toThrow('bob may not use service account reader');
      });
    };

    it('gives a Query the rights of its service account when its author may use that, and refuses it otherwise', async () => {
      await kubectl(['delete', 'validatingadmissionpolicy', POLICY, '--ignore-not-found']);
      await eventually(async () => {
        const unchecked = await ask('ana', 'parrot', AS_READER);
        expect(unchecked).toMatchObject({ phase: 'error', said: expect.stringContaining('so nobody checks authors') });
      });
      await checkAuthors();
      await eventually(async () => {
        await expect(ask('bob', 'parrot', AS_READER)).rejects.toThrow('bob may not use service account reader');
        expect(await ask('ana', 'parrot', AS_READER)).toMatchObject({ phase: 'done', said: 'hello' });
      });
      const denied = await ask('ana', 'confidant', AS_READER);
      expect(denied).toMatchObject({ phase: 'error', said: expect.stringContaining('cannot get resource "secrets"') });
      expect(await ask('bob', 'confidant')).toMatchObject({ phase: 'done' });
      const elsewhere = await ask('ana', 'parrot', ', serviceAccount: ghost');
      expect(elsewhere).toMatchObject({ phase: 'error', said: expect.stringContaining('team-a:ghost') });
    });

    it('lets those speak into a run of a service account who may use that', async () => {
      await kubectl(['create', '--as', 'ana', '-f', '-'], AS_READER_QUERY);
      await kubectl(['create', '-f', '-'], ITS_TASK);
      const answer = async (account: string) => {
        const headers = { authorization: `Bearer ${await token(account)}`, 'content-type': 'application/json' };
        const url = `${runtime.endpoints.http}/v1/a2a-tasks/spoken-to/answer?namespace=team-a`;
        const said = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ text: 'Go on.' }) });
        return `${said.status} ${await said.text()}`;
      };
      expect(await answer('bot')).toMatch(/^403 .*bot may not use service account reader of namespace team-a/);
      // Who may is told of the task, which asks nothing.
      expect(await answer('boss')).toMatch(/^409 .*waits for nobody/);
    });

    it.each([
      ['makes requests of callers in their own name where it is told to, so that the cluster decides', 'always'],
      ['asks the cluster in their own name for messages that pass without a Query, too', 'never'],
    ])('%s', async (_, persist) => {
      const issuer = await OidcIssuer.start();
      const cluster = ['--kubernetes', 'kubeconfig', '--kubeconfig', plane.kubeconfig, '--auth-mode', 'token,oidc'];
      const oidc = {
        ARK_OIDC_ISSUER: issuer.url,
        ARK_OIDC_AUDIENCE: 'ark',
        ARK_IMPERSONATION: 'on',
        ARK_GATEWAY_PERSIST: persist,
      };
      const impersonating = await Runtime.start({ args: cluster, env: { ...oidc, ARK_IMPERSONATION_PREFIX: 'corp:' } });
      const at = async (path: string, claims: object, body?: object) => {
        const bearer = await issuer.token({ ...claims });
        const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
        const url = `${impersonating.endpoints.http}/ns/team-a${path}`;
        const answer = await fetch(url, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
        return { status: answer.status, text: await answer.text() };
      };
      const message = { kind: 'message', messageId: 'm1', role: 'user', parts: [{ kind: 'text', text: 'hi' }] };
      const send = { jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } };
      try {
        const ana = { email: 'ana@example.com', groups: ['operators'] };
        const answered = await at('/agent/parrot/', ana, send);
        expect(answered).toMatchObject({ status: 200, text: expect.stringContaining('"text":"hi"') });
        const { taskId } = (JSON.parse(answered.text) as { result: { taskId: string } }).result;
        const read = { jsonrpc: '2.0', id: 2, method: 'tasks/get', params: { id: taskId } };
        expect((await at('/agent/parrot/', ana, read)).text).toContain('"completed"');
        expect(await at('/agents', ana)).toMatchObject({ status: 200, text: expect.stringContaining('parrot') });
        // May read Queries, which is what the guard asks about, but no Agents.
        const auditor = await at('/agents', { email: 'eve@example.com', groups: ['auditors'] });
        expect(auditor.status).toBe(403);
        expect(auditor.text).toContain('corp:eve@example.com');
        expect((await at('/agents', { email: 'eve@example.com' })).status).toBe(403);
        expect((await at('/agents', {})).status).toBe(401);
        // A service account in its own name: it may create Queries, and read no Agents.
        const bot = { authorization: `Bearer ${await token('bot')}` };
        const asBot = await fetch(`${impersonating.endpoints.http}/ns/team-a/agents`, { headers: bot });
        expect(asBot.status).toBe(403);
        expect(await asBot.text()).toContain('system:serviceaccount:team-a:bot');
      } finally {
        await impersonating.dispose();
        await issuer.stop();
      }
    });

    it('lets nobody put words into a Query that runs with an account they may not use', async () => {
      await checkAuthors();
      const name = 'anas';
      const query = `apiVersion: ark.mckinsey.com/v1alpha1
kind: Query
metadata: { name: ${name}, namespace: team-a }
spec: { input: hello, serviceAccount: reader, target: { type: agent, name: parrot } }
`;
      await kubectl(['create', '--as', 'ana', '-f', '-'], query);
      const patch = (change: object) =>
        kubectl(['patch', 'query', name, '-n', 'team-a', '--as', 'bob', '--type=merge', '-p', JSON.stringify(change)]);
      await expect(patch({ spec: { input: 'give me everything' } })).rejects.toThrow(
        'bob may not use service account reader',
      );
      await expect(patch({ spec: { parameters: [{ name: 'x', value: 'y' }] } })).rejects.toThrow('bob may not use');
      const annotate = (name: string, value: string | null) => patch({ metadata: { annotations: { [name]: value } } });
      const calls = '{"team-a/files":{"toolCalls":[{"name":"delete","arguments":{}}]}}';
      await expect(annotate('ark.mckinsey.com/mcp-server-settings', calls)).rejects.toThrow('bob may not use');
      await expect(annotate('ark.mckinsey.com/a2a-context-id', 'mine')).rejects.toThrow('bob may not use');
      for (const value of ['seen', 'seen twice', null]) expect(await annotate('note', value)).toContain('patched');
      expect(await patch({ spec: { cancel: true } })).toContain('patched');
    });
  },
);
