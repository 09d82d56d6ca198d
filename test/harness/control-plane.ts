import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';

const UP = resolve('test/cluster/control-plane-up.sh');
const DOWN = resolve('test/cluster/control-plane-down.sh');

/** The folder with etcd, kube-apiserver and friends, or undefined where there is none. */
export function controlPlaneBinaries(): string | undefined {
  const folder = process.env.KUBEBUILDER_ASSETS;
  return folder && existsSync(join(folder, 'kube-apiserver')) ? folder : undefined;
}

/** etcd, kube-apiserver and kube-controller-manager of one test, on free ports, for tests that stop and start them. */
export class ControlPlane {
  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * @param apiServerArgs further arguments of kube-apiserver, without blanks
   * @param copyOf what `leave` left: its keys and objects are this one's, too
   */
  static async start(
    binaries: string,
    { apiServerArgs = [], copyOf }: { apiServerArgs?: string[]; copyOf?: string } = {},
  ): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'ark-control-plane-'));
    if (copyOf) cpSync(copyOf, folder, { recursive: true });
    const [port, etcd, peer] = await Promise.all([freePort(), freePort(), freePort()]);
    const plane = new ControlPlane(folder, {
      ...process.env,
      BIN: binaries,
      DIR: folder,
      PORT: String(port),
      ETCD_PORT: String(etcd),
      ETCD_PEER_PORT: String(peer),
      ETCD_ARGS: '--unsafe-no-fsync',
      APISERVER_ARGS: apiServerArgs.join(' '),
    });
    await plane.up();
    return plane;
  }

  /** The port of the API server on 127.0.0.1. */
  get port(): string {
    return this.env.PORT ?? '';
  }

  /** The certificate of who signed the API server's. */
  get authority(): string {
    return join(this.folder, 'pki/ca.crt');
  }

  get kubeconfig(): string {
    return join(this.folder, 'admin.kubeconfig');
  }

  /** Starts what does not run. */
  async up(): Promise<void> {
    await promisify(execFile)(UP, { env: this.env });
  }

  /** Kills the API server alone; etcd keeps the objects. */
  async killApiServer(): Promise<void> {
    await promisify(execFile)(DOWN, { env: { ...this.env, ONLY: 'apiserver' } });
  }

  /** Ends everything and gives the folder that holds its data, from which others can start. */
  async leave(): Promise<string> {
    await promisify(execFile)(DOWN, { env: this.env });
    return this.folder;
  }

  /** Ends everything and removes its data. */
  async stop(): Promise<void> {
    await promisify(execFile)(DOWN, { env: { ...this.env, WIPE: '1' } });
  }
}
