import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ClusterClient } from './cluster-client.js';
import { eventually } from './eventually.js';
import { onRealApiServer, RealCluster } from './real-cluster.js';

const ARK = resolve('bin/ark.js');
/** On a real API server work is taken over when the Lease of a killed process has run out. */
const ENDED = { within: 60_000 };

/** What `ark start` writes for others to find it. */
export interface Endpoints {
  http: string;
  apiServer: string;
  pid: number;
  version: string;
}

/** As much of an object as tests look at while they watch. */
export interface WatchedObject {
  metadata: { name: string };
  status?: { phase?: string; response: { content: string } };
}

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; a non-zero exit is a result, not an error. */
export function run(
  file: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; cwd?: string } = {},
) {
  return new Promise<CommandResult>((done, fail) => {
    const env = { ...process.env, ...options.env };
    const child = execFile(file, args, { env, cwd: options.cwd, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number' && !child.signalCode) fail(error);
      else done({ code: child.exitCode ?? 1, stdout, stderr });
    });
    // A program that ends without reading is no error of the test.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/** The kubectl to test with, or undefined where there is none. */
export function findKubectl(): string | undefined {
  const folders = [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? '').split(':')];
  return folders.flatMap((folder) => (folder ? [join(folder, 'kubectl')] : [])).find((file) => existsSync(file));
}

interface RuntimeOptions {
  args?: string[];
  env?: NodeJS.ProcessEnv;
  beside?: Runtime;
}

/**
 * The built program, running on a folder and ports of its own: with the embedded API server, or, where the tests are
 * told so, with a real one that is this runtime's own and survives its restarts.
 */
export class Runtime {
  private child?: ChildProcess;
  private log = '';
  endpoints!: Endpoints;

  private constructor(
    readonly dataDir: string,
    private readonly args: string[],
    private readonly env: NodeJS.ProcessEnv,
    private readonly cluster?: RealCluster,
  ) {}

  /** @param options.beside whose API server it uses, instead of one of its own */
  static async start({ args = [], env = {}, beside }: RuntimeOptions = {}): Promise<Runtime> {
    const dataDir = await mkdtemp(join(tmpdir(), 'nest-ark-'));
    const cluster = onRealApiServer && !beside ? await RealCluster.start(dataDir) : undefined;
    const shared = beside ? ['--kubernetes', 'kubeconfig', '--kubeconfig', beside.kubeconfig] : [];
    const runtime = new Runtime(dataDir, [...shared, ...args], env, cluster);
    try {
      await runtime.boot();
      return runtime;
    } catch (error) {
      await runtime.dispose();
      throw error;
    }
  }

  get kubeconfig(): string {
    return join(this.dataDir, 'kubeconfig');
  }

  get output(): string {
    return this.log;
  }

  /** Starts the process again on the same folder; for use after `kill`. */
  async boot(): Promise<void> {
    const apiServer = this.cluster?.flags ?? ['--api-server-port', '0'];
    const flags = ['--data-dir', this.dataDir, '--port', '0', ...apiServer, ...this.args];
    const child = spawn(process.execPath, [ARK, 'start', ...flags], { env: { ...process.env, ...this.env } });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (this.log += data.toString()));
    const end = () => child.exitCode ?? child.signalCode;
    await eventually(async () => {
      if (end() !== null) return;
      this.endpoints = JSON.parse(await readFile(join(this.dataDir, 'endpoints.json'), 'utf8')) as Endpoints;
      if (this.endpoints.pid !== child.pid) throw new Error('endpoints.json is of an earlier process');
      const ready = await fetch(`${this.endpoints.http}/readyz`);
      if (!ready.ok) throw new Error(`readyz: ${ready.status} ${await ready.text()}`);
    });
    if (end() !== null) throw new Error(`the runtime ended with ${end()}:\n${this.log}`);
  }

  /** Resolves when the process has ended by itself. */
  ended(): Promise<void> {
    return eventually(() => {
      if (this.child?.exitCode === null && this.child.signalCode === null) throw new Error('the runtime still runs');
    }, ENDED);
  }

  /** SIGTERM and wait; resolves with the exit code. */
  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** SIGKILL and wait: what a power cut looks like to the process. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.cluster?.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** kubectl with this runtime's kubeconfig and a cache folder of its own. */
  kubectl(args: string[], input?: string): Promise<CommandResult> {
    const kubectl = findKubectl();
    if (!kubectl) throw new Error('kubectl is not installed');
    const env = { KUBECONFIG: this.kubeconfig, HOME: this.dataDir };
    return run(kubectl, ['--cache-dir', join(this.dataDir, 'kubectl-cache'), ...args], { env, input });
  }

  /** kubectl that must succeed; gives its stdout. */
  async kubectlOk(args: string[], input?: string): Promise<string> {
    const result = await this.kubectl(args, input);
    if (result.code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${result.code}: ${result.stderr}`);
    return result.stdout;
  }

  /** The `ark` command against this runtime. */
  ark(args: string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<CommandResult> {
    // An administrator's word at the doors; the command line finds that of the embedded server itself.
    const token = this.cluster ? { ARK_TOKEN: readFileSync(join(this.dataDir, 'token'), 'utf8') } : {};
    const env = { ARK_DATA_DIR: this.dataDir, KUBECONFIG: '', ...token, ...options.env };
    return run(process.execPath, [ARK, ...args], { env, input: options.input });
  }

  /** Calls `onObject` for the object of each watch event from now on; returns the way to stop. */
  async watchJson(path: string, onObject: (object: WatchedObject) => void): Promise<() => void> {
    const client = ClusterClient.of(this.kubeconfig);
    const { metadata } = await client.call<{ metadata: { resourceVersion: string } }>('GET', `${path}?limit=1`);
    const stop = new AbortController();
    const follow = async () => {
      for await (const object of client.watch<WatchedObject>(path, metadata.resourceVersion, stop.signal))
        onObject(object);
    };
    // The end of the test ends the watch in the middle of a line.
    void follow().catch(() => client.close());
    return () => stop.abort();
  }

  private end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child?.exitCode ?? null);
    return new Promise((done) => {
      child.once('exit', (code) => done(code));
      child.kill(signal);
    });
  }
}
