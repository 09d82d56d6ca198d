import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KubeClient } from './kube-client.mjs';

const ARK = resolve(import.meta.dirname, '../../bin/ark.js');

/** The built program on a folder of its own, in embedded mode unless it gets a cluster. */
export class Runtime {
  /** @param options `dataDir` of an earlier runtime; `cluster`, the kubeconfig of a real API server */
  static async start(env = {}, { dataDir = mkdtempSync(join(tmpdir(), 'nest-ark-bench-')), cluster } = {}) {
    const started = performance.now();
    const apiServer = cluster ? ['--kubernetes', 'kubeconfig', '--kubeconfig', cluster] : ['--api-server-port', '0'];
    const child = spawn(process.execPath, [ARK, 'start', '--data-dir', dataDir, '--port', '0', ...apiServer], {
      env: { ...process.env, ARK_LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    // A failed measurement must not leave the process behind.
    process.once('exit', () => child.kill('SIGKILL'));
    const runtime = Object.assign(new Runtime(), { child, dataDir });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the runtime ended with ${child.exitCode}`);
      try {
        runtime.endpoints = JSON.parse(readFileSync(join(dataDir, 'endpoints.json'), 'utf8'));
        if (runtime.endpoints.pid === child.pid && (await fetch(`${runtime.endpoints.http}/readyz`)).ok) break;
      } catch {
        // Not written or not listening yet.
      }
      await pause(5);
    }
    runtime.startMs = performance.now() - started;
    runtime.kube = KubeClient.fromKubeconfig(cluster ?? join(dataDir, 'kubeconfig'));
    return runtime;
  }

  /** Resident memory of the process, in MiB. */
  rssMiB() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
  }

  /** Ends the process and starts another on its folder. */
  async restart() {
    await this.end();
    return Runtime.start({}, { dataDir: this.dataDir });
  }

  async stop() {
    await this.end();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async end() {
    await this.kube.close();
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }
}
