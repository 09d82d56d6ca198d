import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterClient } from './cluster-client.js';
import { ControlPlane, controlPlaneBinaries } from './control-plane.js';
import { defineKinds } from './define-kinds.js';

/** `npm run test:cluster` sets it: the end-to-end tests then drive the program on a real API server. */
export const onRealApiServer = process.env.ARK_TEST_API_SERVER === 'real';

/** A control plane of one runtime's own, with the kinds of Ark, so that cases never see what others left. */
export class RealCluster {
  private constructor(private readonly plane: ControlPlane) {}

  /** @param dataDir of the runtime; the kubeconfig goes there, where the embedded server would write its own */
  static async start(dataDir: string): Promise<RealCluster> {
    const binaries = controlPlaneBinaries();
    if (!binaries) throw new Error('ARK_TEST_API_SERVER=real wants KUBEBUILDER_ASSETS, a folder with kube-apiserver');
    const plane = await ControlPlane.start(binaries);
    try {
      const client = ClusterClient.of(plane.kubeconfig);
      await defineKinds(client);
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
