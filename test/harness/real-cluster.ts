import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterClient } from './cluster-client.js';
import { ControlPlane, controlPlaneBinaries } from './control-plane.js';
import { defineKinds } from './define-kinds.js';

/** `npm run test:cluster` sets it: the end-to-end tests then drive the program on a real API server. */
export const onRealApiServer = process.env.ARK_TEST_API_SERVER === 'real';

/** A control plane of one runtime's own, with the kinds of Ark, so that cases never see what others left. */
export class RealCluster {
  private constructor(private readonly plane: ControlPlane) {}

  /** @param dataDir of the runtime; kubeconfig and token go there, where the embedded server would write its own */
  static async start(dataDir: string): Promise<RealCluster> {
    const binaries = controlPlaneBinaries();
    if (!binaries) throw new Error('ARK_TEST_API_SERVER=real wants KUBEBUILDER_ASSETS, a folder with kube-apiserver');
    const plane = await ControlPlane.start(binaries);
    try {
      const client = ClusterClient.of(plane.kubeconfig);
      await defineKinds(client);
      await writeFile(join(dataDir, 'token'), await administratorToken(client), { mode: 0o600 });
      await client.close();
      await copyFile(plane.kubeconfig, join(dataDir, 'kubeconfig'));
      return new RealCluster(plane);
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** What makes `ark start` use it. */
  get flags(): string[] {
    return ['--kubernetes', 'kubeconfig', '--kubeconfig', this.plane.kubeconfig];
  }

  stop(): Promise<void> {
    return this.plane.stop();
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
