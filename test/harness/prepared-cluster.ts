import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterClient } from './cluster-client.js';
import { ControlPlane } from './control-plane.js';
import { defineKinds } from './define-kinds.js';
import { eventually } from './eventually.js';

/** What is the same in the cluster of every test: made once in a run, then copied. */
interface PreparedCluster {
  /** The folder of a control plane that knows the kinds of Ark and does not run. */
  plane: string;
  /** The file with the token of somebody who may do everything. */
  token: string;
}

/**
 * A copy starts in half the time of a new control plane, and its controller manager finds the kinds of Ark when it
 * starts: of kinds that come later the garbage collector hears only within half a minute.
 */
export async function preparedCluster(binaries: string): Promise<PreparedCluster> {
  const folder = process.env.ARK_TEST_PREPARED;
  if (!folder) throw new Error('Start the tests with test/cluster/jest.config.js, which says where to keep a cluster');
  const prepared = { plane: join(folder, 'plane'), token: join(folder, 'token') };
  // The first worker prepares it; the others wait for it.
  const isFirst = await mkdir(join(folder, 'begun')).then(
    () => true,
    () => false,
  );
  if (isFirst) await prepare(binaries, prepared);
  else
    await eventually(() => {
      if (!existsSync(prepared.plane)) throw new Error(`the first worker has not made ${prepared.plane} yet`);
    });
  return prepared;
}

async function prepare(binaries: string, { plane: target, token }: PreparedCluster): Promise<void> {
  const plane = await ControlPlane.start(binaries);
  const client = ClusterClient.of(plane.kubeconfig);
  try {
    await defineKinds(client);
    await writeFile(token, await administratorToken(client), { mode: 0o600 });
    await rename(await plane.leave(), target);
  } catch (error) {
    await plane.stop();
    throw error;
  } finally {
    await client.close();
  }
}

/** A token of the cluster for somebody who may do everything. */
async function administratorToken(client: ClusterClient): Promise<string> {
  const account = { name: 'administrator', namespace: 'kube-system' };
  const accounts = `/api/v1/namespaces/${account.namespace}/serviceaccounts`;
  await client.call('POST', accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
  const group = 'rbac.authorization.k8s.io';
  await client.call('POST', `/apis/${group}/v1/clusterrolebindings`, {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: account.name },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const made = await client.call<{ status: { token: string } }>('POST', `${accounts}/${account.name}/token`, request);
  return made.status.token;
}
