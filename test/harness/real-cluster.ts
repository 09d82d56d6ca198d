import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlPlane, controlPlaneBinaries } from './control-plane.js';
import { preparedCluster } from './prepared-cluster.js';

/** `npm run test:cluster` sets it: the end-to-end tests then drive the program on a real API server. */
export const onRealApiServer = process.env.ARK_TEST_API_SERVER === 'real';

/** A control plane of one runtime's own, with the kinds of Ark, so that cases never see what others left. */
export class RealCluster {
  private constructor(private readonly plane: ControlPlane) {}

  /** @param dataDir of the runtime; kubeconfig and token go there, where the embedded server would write its own */
  static async start(dataDir: string): Promise<RealCluster> {
    const binaries = controlPlaneBinaries();
    if (!binaries) throw new Error('ARK_TEST_API_SERVER=real wants KUBEBUILDER_ASSETS, a folder with kube-apiserver');
    const prepared = await preparedCluster(binaries);
    const plane = await ControlPlane.start(binaries, { copyOf: prepared.plane });
    await copyFile(prepared.token, join(dataDir, 'token'));
    await copyFile(plane.kubeconfig, join(dataDir, 'kubeconfig'));
    return new RealCluster(plane);
  }

  /** What makes `ark start` use it. */
  get flags(): string[] {
    return ['--kubernetes', 'kubeconfig', '--kubeconfig', this.plane.kubeconfig];
  }

  stop(): Promise<void> {
    return this.plane.stop();
  }
}
