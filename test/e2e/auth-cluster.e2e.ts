import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ControlPlane, controlPlaneBinaries } from '../harness/control-plane.js';
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

(binaries && findKubectl() ? describe : describe.skip)('a runtime in a cluster that asks who is there', () => {
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
    await kubectl(['apply', '-f', '-'], ROLES);
    const args = ['--kubernetes', 'kubeconfig', '--kubeconfig', plane.kubeconfig, '--auth-mode', 'token'];
    runtime = await Runtime.start({ args });
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
});
