import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type Fault, FaultyEngine } from '../harness/faulty-engine.js';
import { freePort } from '../harness/free-port.js';
import { Runtime } from '../harness/runtime.js';

interface Report {
  engine: string;
  passed: number;
  failed: number;
  warned: number;
  skipped: number;
  cases: { title: string; outcome: string; detail?: string }[];
}

/** The case that finds each fault. */
const FOUND_BY: Record<Fault, RegExp> = {
  'no card': /card is where clients look/,
  'no skills': /a skill with id and name/,
  'no extension in the card': /lists the extension/,
  'no answer to bad JSON': /-32700/,
  'any method is fine': /-32601/,
  'any message is answered': /names no Query/,
  'another id': /answered with a Message/,
  'nothing said': /answered with a Message/,
  'another conversation': /keeps the conversation/,
  'usage in words': /facts beside the answer/,
  'a stream without an end': /ends when the answer is complete/,
  'deaf to cancellation': /canceled ends soon/,
};

describe('ark engine conformance', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
  });
  afterAll(() => runtime?.dispose());

  async function judge(url: string, ...flags: string[]): Promise<{ code: number; report: Report }> {
    const { code, stdout } = await runtime.ark(['engine', 'conformance', url, '-o', 'json', ...flags]);
    return { code, report: JSON.parse(stdout) as Report };
  }
  const failures = ({ cases }: Report) => cases.filter(({ outcome }) => outcome === 'failed');

  it('passes an engine of this runtime, in a table for people, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await runtime.ark([
      'engine',
      'conformance',
      `${runtime.endpoints.http}/engines/echo`,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('spoken to in 1.0 JSON-RPC, 1.0 HTTP+JSON, 0.3 JSON-RPC\n');
    expect(stdout).toMatch(/^ok {4}0\.3 JSON-RPC: questions at the same time are kept apart$/m);
    expect(stdout).toMatch(/^\d\d passed, 0 failed, 0 warned, \d+ skipped$/m);
    expect((await runtime.ark(['get', 'queries', '-o', 'name'])).stdout).toBe('');
    expect((await runtime.ark(['get', 'agents', '-o', 'name'])).stdout).toBe('');
  });

  it('passes an engine that is a process of its own', async () => {
    const port = await freePort();
    const env = { ...process.env, KUBECONFIG: runtime.kubeconfig, PORT: String(port) };
    const engine = spawn(process.execPath, ['dist/examples/standalone-engine/main.js'], { env, stdio: 'ignore' });
    try {
      await eventually(() => fetch(`http://127.0.0.1:${port}/health`));
      const { code, report } = await judge(`127.0.0.1:${port}`);
      expect(failures(report)).toEqual([]);
      expect({ code, engine: report.engine }).toEqual({ code: 0, engine: 'greeter' });
    } finally {
      const ended = once(engine, 'exit');
      engine.kill('SIGTERM');
      await ended;
    }
  });

  describe('with an engine in another language', () => {
    let engine: FaultyEngine;
    beforeAll(async () => {
      engine = await FaultyEngine.listen();
    });
    afterAll(() => engine.close());

    it('passes one that keeps the contract, and warns of what would be better', async () => {
      engine.fault = undefined;
      const { code, report } = await judge(engine.url);
      expect(failures(report)).toEqual([]);
      expect(code).toBe(0);
      const warned = report.cases.filter(({ outcome }) => outcome === 'warned').map(({ title }) => title);
      expect(warned).toEqual(['the card offers protocol 1.0 beside 0.3']);
    });

    it.each(Object.entries(FOUND_BY))('finds: %s', async (fault, title) => {
      engine.fault = fault as Fault;
      const { code, report } = await judge(engine.url);
      expect(code).toBe(1);
      expect(failures(report).some((failed) => title.test(failed.title))).toBe(true);
    });

    it('judges without a cluster what needs no Query', async () => {
      engine.fault = 'no skills';
      const env = { ARK_DATA_DIR: '', KUBECONFIG: '/nonexistent' };
      const args = ['engine', 'conformance', engine.url];
      expect(await runtime.ark(args, { env })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--no-cluster'),
      });
      const { code, stdout } = await runtime.ark([...args, '--no-cluster'], { env });
      expect({ code, failed: stdout.match(/^FAIL .*/gm) }).toEqual({
        code: 1,
        failed: ['FAIL  the card has a skill with id and name'],
      });
    });
  });

  it('says in one line when something answers, and is no engine', async () => {
    const address = `${runtime.endpoints.http}/engines/nowhere`;
    const { code, stdout, stderr } = await runtime.ark(['engine', 'conformance', address]);
    expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, stdout: '', lines: 1 });
    expect(stderr).toContain(`There is no engine at ${address}/`);
    expect(stderr).toContain('ark get executionengines');
  });

  it('says when nothing answers at all', async () => {
    const address = `http://127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await runtime.ark(['engine', 'conformance', address]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`Nothing answers at ${address}/`);
  });
});
