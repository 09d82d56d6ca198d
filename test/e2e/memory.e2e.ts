import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { type PostgresServer, postgresPrograms, startPostgres } from '../harness/postgres.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const MANIFESTS = 'examples/memory/manifests';
const PLUGINS = ['--plugins', 'dist/examples/memory/plugins'];

const judges: [name: string, start: () => Promise<PostgresServer | undefined>][] = [
  ['a file', async () => undefined],
  ['PostgreSQL', startPostgres],
];

for (const [name, startDatabase] of judges) {
  const absent = name === 'PostgreSQL' && postgresPrograms() === undefined;
  (absent ? describe.skip : describeWithKubectl)(`conversations kept in ${name}`, () => {
    let database: PostgresServer | undefined;
    let runtime: Runtime;
    beforeAll(async () => {
      database = await startDatabase();
      const env = { DATABASE_URL: database?.url ?? '' };
      runtime = await Runtime.start({ args: PLUGINS, env });
      await runtime.kubectlOk(
        ['apply', '-f', '-'],
        yaml(
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } },
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-b' } },
          agent('listener', { executionEngine: { name: 'recall' } }, 'team-a'),
          agent('listener', { executionEngine: { name: 'recall' } }, 'team-b'),
          agent('listener', { executionEngine: { name: 'recall' } }),
        ),
      );
    });
    afterAll(async () => {
      await runtime?.dispose();
      await database?.stop();
    });

    const to = { target: { type: 'agent', name: 'listener' } };
    async function ask(question: string, input: string, spec: object = {}, namespace = 'default'): Promise<string> {
      await runtime.kubectlOk(['apply', '-f', '-'], yaml(query(question, { input, ...to, ...spec }, namespace)));
      return answerOf(question, namespace);
    }
    async function answerOf(question: string, namespace = 'default'): Promise<string> {
      const of = ['-n', namespace, `query/${question}`];
      await runtime.kubectlOk(['wait', ...of, '--for=condition=Completed', '--timeout=60s']);
      return runtime.kubectlOk(['get', ...of, '-o', 'jsonpath={.status.response.content}']);
    }
    const get = async (path: string) => (await fetch(`${runtime.endpoints.http}${path}`)).json() as Promise<unknown>;
    const heldIn = async (path: string) =>
      ((await get(path)) as { items: { message: { role: string; content: string } }[] }).items.map(
        ({ message }) => `${message.role}: ${message.content}`,
      );

    it('are remembered by the next Query, are their namespace’s own, and survive a restart', async () => {
      const thread = { conversationId: 'thread' };
      expect(await ask('one', 'First.', thread, 'team-a')).toBe('I heard: First.');
      expect(await ask('two', 'Second.', thread, 'team-a')).toBe('You told me: First.');
      expect(await ask('stranger', 'Hello.', thread, 'team-b')).toBe('I heard: Hello.');
      await runtime.kill();
      await runtime.boot();
      expect(await ask('three', 'Third.', thread, 'team-a')).toBe('You told me: First. Second.');
      expect(await heldIn('/messages?namespace=team-a&conversation_id=thread&limit=2')).toEqual([
        'user: First.',
        'assistant: I heard: First.',
      ]);
    });

    it('go with the Query that is deleted', async () => {
      const thread = { conversationId: 'short' };
      await ask('forget-me', 'Forget.', thread);
      await ask('keep-me', 'Keep.', thread);
      await runtime.kubectlOk(['delete', 'query', 'forget-me']);
      await eventually(async () =>
        expect(await heldIn('/messages?conversation_id=short')).toEqual([
          'user: Keep.',
          'assistant: You told me: Forget.',
        ]),
      );
    });

    it('can be kept in a Memory, which may be this service, as the example says', async () => {
      const text = await readFile(`${MANIFESTS}/10-memory.yaml`, 'utf8');
      const address = `${runtime.endpoints.http}/memory`;
      await runtime.kubectlOk(['apply', '-f', '-'], text.replace('http://127.0.0.1:8080/memory', address));
      await runtime.kubectlOk(['wait', 'memory/default', '--for=jsonpath={.status.phase}=ready', '--timeout=60s']);
      await runtime.kubectlOk(['apply', '-f', `${MANIFESTS}/20-agent.yaml`, '-f', `${MANIFESTS}/30-first.yaml`]);
      expect(await answerOf('first')).toBe('I heard: My cat is called Momo.');
      await runtime.kubectlOk(['apply', '-f', `${MANIFESTS}/40-second.yaml`]);
      expect(await answerOf('second')).toBe('You told me: My cat is called Momo.');
      expect(await heldIn('/messages?conversation_id=holiday')).toHaveLength(4);
      await runtime.kubectlOk(['delete', 'query', 'first']);
      await eventually(async () => expect(await heldIn('/messages?conversation_id=holiday')).toHaveLength(2));
      await runtime.kubectlOk(['delete', 'memory', 'default']);
    });

    it('stop a Query whose Memory cannot be used, with a sentence that says why', async () => {
      const nowhere = { valueFrom: { serviceRef: { name: 'nowhere' } } };
      const memory = {
        apiVersion: 'ark.mckinsey.com/v1alpha1',
        kind: 'Memory',
        metadata: { name: 'broken', namespace: 'default' },
        spec: { address: nowhere },
      };
      await runtime.kubectlOk(['apply', '-f', '-'], yaml(memory));
      expect(await ask('lost', 'Hello?', { memory: { name: 'broken' } })).toBe(
        "query 'default/lost': memory 'default/broken' is not ready: service default/nowhere does not exist; create it",
      );
      expect(await ask('dead', 'Hello?', { memory: { name: 'absent' } })).toContain(
        "Memory 'default/absent' does not exist",
      );
    });
  });
}
