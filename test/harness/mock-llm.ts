import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** Somebody else's imitation of OpenAI, in a process of its own: it echoes the last message of the user. */
export class MockLlm {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(): Promise<MockLlm> {
    const port = await freePort();
    const main = createRequire(import.meta.url).resolve('@dwmkerr/mock-llm/dist/main.js');
    const env = { ...process.env, PORT: String(port), HOST: '127.0.0.1' };
    const child = spawn(process.execPath, [main], { env, stdio: 'ignore', cwd: '/' });
    const url = `http://127.0.0.1:${port}`;
    await eventually(async () => {
      const health = await fetch(`${url}/health`);
      if (!health.ok) throw new Error(`health: ${health.status}`);
    });
    return new MockLlm(url, child);
  }

  /** Adds rules before all others; see the package's own documentation. */
  async rules(rules: object[]): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const config = (await (await fetch(`${this.url}/config`)).json()) as { rules: object[] };
    const body = JSON.stringify({ rules: [...config.rules, ...rules] });
    const changed = await fetch(`${this.url}/config`, { method: 'PATCH', headers, body });
    if (!changed.ok) throw new Error(`rules: ${changed.status} ${await changed.text()}`);
  }

  stop(): Promise<void> {
    return new Promise((done) => {
      this.child.once('exit', () => done());
      this.child.kill('SIGTERM');
    });
  }
}
