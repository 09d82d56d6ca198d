import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../harness/eventually.js';

export interface ReplicaOptions {
  kubeconfig: string;
  databaseUrl: string;
  maxConcurrentQueries: number;
  /** How wrong its clock is. */
  skewMs?: number;
}

/** One process of the built program, which shares its cluster and its database with others. */
export class Replica {
  private child?: ChildProcess;
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'ark-replica-'));
  log = '';
  /** Of its HTTP door. */
  url = '';

  constructor(private readonly options: ReplicaOptions) {}

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const { kubeconfig, databaseUrl, maxConcurrentQueries, skewMs = 0 } = this.options;
    const flags = ['--kubernetes', 'kubeconfig', '--kubeconfig', kubeconfig, '--data-dir', this.dataDir, '--port', '0'];
    const limit = ['--max-concurrent-queries', String(maxConcurrentQueries)];
    const skewed = skewMs === 0 ? [] : ['--import', resolve('test/faults/late-clock.mjs')];
    const child = spawn(process.execPath, [...skewed, resolve('bin/ark.js'), 'start', ...flags, ...limit], {
      env: { ...process.env, DATABASE_URL: databaseUrl, ARK_TEST_CLOCK_SKEW_MS: String(skewMs) },
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => (this.log += data.toString()));
    }
    await eventually(() => this.ready(child), { every: 100 });
  }

  /** As a full disk of memory or a power cut would. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** As Kubernetes ends a pod. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async ready(child: ChildProcess): Promise<void> {
    const text = await readFile(join(this.dataDir, 'endpoints.json'), 'utf8').catch(() => '{"pid":0}');
    const { http, pid } = JSON.parse(text) as { http: string; pid: number };
    if (pid !== child.pid) throw new Error(`not listening yet:\n${this.log.slice(-2000)}`);
    this.url = http;
    const answer = await fetch(`${http}/readyz`);
    if (!answer.ok) throw new Error(`readyz: ${answer.status} ${await answer.text()}`);
  }

  private end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((done) => {
      child.once('exit', () => done());
      child.kill(signal);
    });
  }
}
