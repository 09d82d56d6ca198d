// Jest's global setup: where KUBEBUILDER_ASSETS names the binaries of a control plane, one is started for the whole run.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const UP = join(import.meta.dirname, 'control-plane-up.sh');

export default async function startControlPlane() {
  const binaries = process.env.KUBEBUILDER_ASSETS;
  if (!binaries || process.env.ARK_TEST_KUBECONFIG || process.env.ARK_TEST_CONTROL_PLANE) return;
  const missing = ['etcd', 'kube-apiserver'].filter((name) => !existsSync(join(binaries, name)));
  if (missing.length > 0) throw new Error(`KUBEBUILDER_ASSETS=${binaries} has no ${missing.join(' and no ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'ark-control-plane-'));
  const [port, etcd, peer] = await Promise.all([freePort(), freePort(), freePort()]);
  const env = { ...process.env, BIN: binaries, DIR: folder, PORT: port, ETCD_PORT: etcd, ETCD_PEER_PORT: peer };
  await promisify(execFile)(UP, { env: { ...env, ETCD_ARGS: '--unsafe-no-fsync' } });
  // The workers inherit it; the folder holds what is needed to stop it.
  process.env.ARK_TEST_CONTROL_PLANE = folder;
  globalThis.arkControlPlane = folder;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });
}
