import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDoor } from './embedded-door.js';
import { onRealApiServer, RealCluster } from './real-cluster.js';
import { type CommandResult, run } from './runtime.js';

/** An API server that knows the kinds of Ark, for tests that drive it with kubectl: embedded, or real where so told. */
export interface KubectlServer {
  /** Goes with the server; kubectl's home. */
  dataDir: string;
  kubeconfig: string;
  kubectl(file: string, args: string[], options?: { input?: string; env?: NodeJS.ProcessEnv }): Promise<CommandResult>;
  close(): Promise<void>;
}

export async function startKubectlServer(): Promise<KubectlServer> {
  if (!onRealApiServer) return EmbeddedDoor.start('agents');
  const dataDir = await mkdtemp(join(tmpdir(), 'ark-kubectl-'));
  const cluster = await RealCluster.start(dataDir);
  const kubeconfig = join(dataDir, 'kubeconfig');
  return {
    dataDir,
    kubeconfig,
    kubectl: (file, args, options = {}) =>
      run(file, ['--cache-dir', join(dataDir, 'kubectl-cache'), ...args], {
        env: { KUBECONFIG: kubeconfig, HOME: dataDir, ...options.env },
        input: options.input,
      }),
    async close() {
      await cluster.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
