import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from 'js-yaml';
import { KubeClient } from './kube-client.mjs';

const SCRIPTS = resolve(import.meta.dirname, '../../test/cluster');
const CRDS = resolve(import.meta.dirname, '../../crds');
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** The folder with etcd, kube-apiserver and friends, or undefined where there is none. */
export function controlPlaneBinaries() {
  const folder = process.env.KUBEBUILDER_ASSETS;
  return folder && existsSync(join(folder, 'kube-apiserver')) ? folder : undefined;
}

/** A real API server with the kinds of Ark, as durable as etcd is by default. */
export class ControlPlane {
  static async start() {
    const plane = new ControlPlane();
    plane.folder = mkdtempSync(join(tmpdir(), 'nest-ark-bench-plane-'));
    const [port, etcd, peer] = await Promise.all([freePort(), freePort(), freePort()]);
    const env = { BIN: controlPlaneBinaries(), DIR: plane.folder, PORT: port, ETCD_PORT: etcd, ETCD_PEER_PORT: peer };
    // A failed measurement must not leave the processes behind.
    process.once('exit', () => plane.stop());
    execFileSync(join(SCRIPTS, 'control-plane-up.sh'), { env: { ...process.env, ...env }, stdio: 'pipe' });
    const kube = KubeClient.fromKubeconfig(plane.kubeconfig);
    for (const file of readdirSync(CRDS).filter((name) => name.endsWith('.yaml'))) {
      await define(kube, load(readFileSync(join(CRDS, file), 'utf8')));
    }
    await kube.close();
    return plane;
  }

  get kubeconfig() {
    return join(this.folder, 'admin.kubeconfig');
  }

  /** Its version, as `v1.35.8`. */
  async version() {
    const kube = KubeClient.fromKubeconfig(this.kubeconfig);
    const { gitVersion } = JSON.parse(await kube.call('GET', '/version'));
    await kube.close();
    return gitVersion;
  }

  stop() {
    if (!existsSync(this.folder)) return;
    const env = { ...process.env, DIR: this.folder, WIPE: '1' };
    execFileSync(join(SCRIPTS, 'control-plane-down.sh'), { env, stdio: 'pipe' });
  }
}

async function define(kube, definition) {
  await kube.create(DEFINITIONS, definition);
  const { group, names, versions } = definition.spec;
  for (;;) {
    const served = await kube.call('GET', `/apis/${group}/${versions[0].name}/${names.plural}?limit=1`).then(
      () => true,
      () => false,
    );
    if (served) return;
    await pause(50);
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(String(port)));
    });
  });
}
