import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const WAITER = `
import { ExecutionEngine, text } from 'nest-ark';
export class Waiter {
  async *execute({ userInput: { content } }, context) {
    if (content === 'mumble') await context.requestInput('  ');
    const dish = await context.requestInput('Which dish?');
    const drink = await context.requestInput('And to drink?');
    yield text(content + ': ' + dish + ' and ' + drink);
  }
}
ExecutionEngine({ name: 'waiter', description: 'Asks what it is to bring' })(Waiter);
`;
const guests = { strategy: 'sequential', members: [{ name: 'waiter', type: 'agent' }] };

describeWithKubectl('an engine that asks the person', () => {
  let folder: string;
  let runtime: Runtime;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ark-waiter-'));
    await writeFile(join(folder, 'waiter.engine.js'), WAITER);
    runtime = await Runtime.start({ args: ['--plugins', folder] });
    const team = { ...agent('guests', guests), kind: 'Team' };
    await apply(agent('waiter', { executionEngine: { name: 'waiter' } }), team);
  });
  afterAll(async () => {
    await runtime?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const apply = (...objects: Parameters<typeof yaml>) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...objects));
  const answer = async (name: string) => {
    const { phase, response } = JSON.parse(await runtime.kubectlOk(['get', 'query', name, '-o', 'json'])).status ?? {};
    return `${phase}: ${response?.content}`;
  };
  const shows = (name: string, expected: string) => eventually(async () => expect(await answer(name)).toBe(expected));
  const say = async (name: string, ...words: string[]) =>
    expect(await runtime.ark(['answer', name, ...words])).toMatchObject({ code: 0 });

  it.each(['agent', 'team'])(
    'goes on where it was, asked by itself or in a team, also after a crash: %s',
    async (type) => {
      const name = `order-by-${type}`;
      await apply(query(name, { input: 'Table 4', target: { type, name: type === 'agent' ? 'waiter' : 'guests' } }));
      await shows(name, "input-required: agent 'default/waiter' asks: Which dish?");
      await say(name, 'Pea', 'soup');
      await shows(name, "input-required: agent 'default/waiter' asks: And to drink?");
      await runtime.kill();
      await runtime.boot();
      await say(name, 'water');
      await shows(name, 'done: Table 4: Pea soup and water');
    },
  );

  it('has to ask in words', async () => {
    await apply(query('mumble', { input: 'mumble', target: { type: 'agent', name: 'waiter' } }));
    await shows('mumble', "error: agent 'default/waiter' asks for input without a question");
  });
});
