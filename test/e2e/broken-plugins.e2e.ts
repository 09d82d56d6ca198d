import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

// What plugins do wrong where nobody can catch it. The answer still comes, unless the whole process goes.
const CARELESS = `
import { ExecutionEngine, text } from 'nest-ark';
export class Careless {
  async *execute({ userInput: { content } }) {
    if (content === 'reject') void Promise.reject(new Error('a promise nobody looks at'));
    if (content === 'throw') setImmediate(() => { throw new Error('a throw from a timer'); });
    if (content === 'die') process.kill(process.pid, 'SIGKILL');
    yield text('said ' + content);
  }
}
ExecutionEngine({ name: 'careless', description: 'Leaves errors lying about' })(Careless);
`;
const target = { type: 'agent', name: 'careless' };

describeWithKubectl('a plugin with errors that nobody catches', () => {
  let folder: string;
  let runtime: Runtime;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ark-careless-'));
    await writeFile(join(folder, 'careless.engine.js'), CARELESS);
    runtime = await Runtime.start({ args: ['--plugins', folder] });
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(agent('careless', { executionEngine: { name: 'careless' } })));
  });
  afterAll(async () => {
    await runtime?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(['reject', 'throw'])('does not end the process with a stray %s; it is logged and counted', async (input) => {
    const { pid } = runtime.endpoints;
    const before = await bugs(runtime);
    await runtime.kubectlOk(['create', '-f', '-'], yaml(query(input, { input, target })));
    await runtime.kubectlOk(['wait', `query/${input}`, '--for=jsonpath={.status.phase}=done', '--timeout=60s']);
    await eventually(async () => expect(await bugs(runtime)).toBe(before + 1));
    expect(runtime.output).toMatch(input === 'reject' ? /a promise nobody looks at/ : /a throw from a timer/);
    expect(runtime.output).toContain('careless.engine.js');
    expect(process.kill(pid, 0)).toBe(true);
    const attempt = await runtime.kubectlOk(['get', 'query', input, '-o', 'jsonpath={.status.claim.attempt}']);
    expect(attempt).toBe('1');
  });

  it('that kills the process is tried three times, and its Query then says so', async () => {
    await runtime.kubectl(['create', '-f', '-'], yaml(query('die', { input: 'die', target })));
    for (let deaths = 1; deaths <= 3; deaths++) {
      await runtime.ended();
      await runtime.boot().catch((error: unknown) => {
        if (deaths === 3) throw error;
      });
    }
    await runtime.kubectlOk(['wait', 'query/die', '--for=jsonpath={.status.phase}=error', '--timeout=60s']);
    const content = await runtime.kubectlOk(['get', 'query', 'die', '-o', 'jsonpath={.status.response.content}']);
    expect(content).toContain('3 times the process that worked on it ended');
  }, 180_000);
});

/** How many bugs the process has counted. */
async function bugs({ endpoints }: Runtime): Promise<number> {
  const text = await (await fetch(`${endpoints.http}/metrics`)).text();
  return Number(/^ark_bugs_total (\d+)$/m.exec(text)?.[1]);
}
