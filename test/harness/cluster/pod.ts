import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.js';
import { freePort } from '../free-port.js';
import { type EnvironmentVariable, type PodObject, startContainer } from './container.js';

/** What the kubelet would give it. */
export interface PodSurroundings {
  token: string;
  /** File of the cluster's certificate authority. */
  authority: string;
  apiServerPort: string;
  podIp: string;
  /** Values of Secrets, by `name/key`. */
  secrets?: Record<string, string>;
  /** Its port, where several pods share the machine's network. Default: the container's. */
  port?: number;
}

/** Of the image. */
const ENTRY_POINT = ['node', '/app/bin/ark.js'];

/** Whether this machine lets a process have a file system of its own. */
export const canRunPods = (): boolean =>
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', '--uts', 'mount', '--make-rprivate', '/']).status === 0 &&
  spawnSync('setpriv', ['--version']).status === 0;

/** The built program with exactly the environment, arguments, user, file system and token of a Pod. */
export class RunningPod {
  private log = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
    /** Of `/metrics`, when that has a port of its own. */
    readonly metricsUrl?: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.log += data.toString()));
  }

  static async start(pod: PodObject, surroundings: PodSurroundings): Promise<RunningPod> {
    const folder = mkdtempSync(join(tmpdir(), 'ark-pod-'));
    const [{ args = [], env: variables = [], ports = [] }] = pod.spec.containers;
    // Pods of other tests share this machine's network.
    const metricsPort = ports.some(({ name }) => name === 'metrics') ? await freePort() : undefined;
    const env = {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: surroundings.apiServerPort,
      ...environmentOf(pod, variables, surroundings),
      ...(surroundings.port ? { ARK_PORT: String(surroundings.port) } : {}),
      ...(metricsPort ? { ARK_METRICS_PORT: String(metricsPort) } : {}),
    };
    const { token, authority } = surroundings;
    const child = startContainer(pod, folder, {
      command: [...ENTRY_POINT, ...args],
      env,
      account: { token, authority },
    });
    const url = `http://127.0.0.1:${surroundings.port ?? ports[0]?.containerPort}`;
    const running = new RunningPod(
      child,
      folder,
      url,
      metricsPort ? `http://127.0.0.1:${metricsPort}/metrics` : undefined,
    );
    try {
      await running.ready();
    } catch (error) {
      await running.stop();
      throw error;
    }
    return running;
  }

  get output(): string {
    return this.log;
  }

  /** SIGTERM, as the kubelet sends it; resolves with the exit code. */
  async stop(): Promise<number | null> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
    return child.exitCode;
  }

  private async ready(): Promise<void> {
    const end = () => this.child.exitCode ?? this.child.signalCode;
    await eventually(async () => {
      if (end() !== null) return;
      const answer = await fetch(`${this.url}/readyz`);
      if (!answer.ok) throw new Error(`readyz: ${answer.status} ${await answer.text()}`);
    });
    if (end() !== null) throw new Error(`the program ended with ${end()}:\n${this.log}`);
  }
}

function environmentOf({ metadata }: PodObject, variables: EnvironmentVariable[], { podIp, secrets }: PodSurroundings) {
  const fields: Record<string, string> = {
    'metadata.namespace': metadata.namespace,
    'metadata.name': metadata.name,
    'status.podIP': podIp,
    'status.podIPs': podIp,
  };
  const values = variables.map(({ name, value, valueFrom }): [string, string] => {
    const { fieldRef, secretKeyRef } = valueFrom ?? {};
    const found = fieldRef
      ? fields[fieldRef.fieldPath]
      : secretKeyRef
        ? secrets?.[`${secretKeyRef.name}/${secretKeyRef.key}`]
        : (value ?? '');
    if (found === undefined) throw new Error(`this harness cannot tell the value of ${name}`);
    return [name, found];
  });
  return Object.fromEntries(values);
}
