import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { type PostgresServer, postgresPrograms, startPostgres } from '../harness/postgres.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const PLUGINS = ['--plugins', 'dist/examples/memory/plugins'];

/** What comes over the wire; expectations say what it must be. */
type Json = Record<string, ReturnType<typeof JSON.parse>>;

/** One replica answers readers and callers and does no work; others work. They share its API server and a PostgreSQL. */
(postgresPrograms() ? describeWithKubectl : describe.skip)('replicas on one PostgreSQL', () => {
  let database: PostgresServer;
  let reader: Runtime;
  let worker: Runtime | undefined;
  beforeAll(async () => {
    database = await startPostgres();
    reader = await Runtime.start({ args: PLUGINS, env: { DATABASE_URL: database.url, ARK_ROLES: 'api,gateway' } });
    await reader.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        agent('listener', { executionEngine: { name: 'recall' } }),
        agent('slow', { executionEngine: { name: 'echo', options: { delayMs: 300 } } }),
      ),
    );
    worker = await startWorker();
  });
  afterAll(async () => {
    await worker?.dispose();
    await reader?.dispose();
    await database?.stop();
  });

  const startWorker = () =>
    Runtime.start({
      args: [...PLUGINS, '--kubernetes', 'kubeconfig', '--kubeconfig', reader.kubeconfig],
      env: { DATABASE_URL: database.url, ARK_SHUTDOWN_TIMEOUT: '1s' },
    });
  async function ask(name: string, spec: Record<string, unknown>): Promise<void> {
    await reader.kubectlOk(['apply', '-f', '-'], yaml(query(name, spec)));
  }
  async function answerOf(name: string): Promise<string> {
    await reader.kubectlOk(['wait', `query/${name}`, '--for=condition=Completed', '--timeout=60s']);
    return reader.kubectlOk(['get', `query/${name}`, '-o', 'jsonpath={.status.response.content}']);
  }

  it('stream what another one says, word by word, although nobody asked there', async () => {
    const input = 'one two three four five';
    const stream = fetch(`${reader.endpoints.http}/stream/told?wait-for-query=20&from-beginning=true`);
    await ask('told', { input, target: { type: 'agent', name: 'slow' } });
    const pieces: string[] = [];
    for await (const bytes of (await stream).body!.pipeThrough(new TextDecoderStream() as never)) {
      for (const [, data = ''] of String(bytes).matchAll(/^data: (\{.*)$/gm)) {
        const content = JSON.parse(data).choices?.[0]?.delta.content;
        if (content) pieces.push(content);
      }
    }
    expect(pieces.join('')).toBe(input);
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('go on with a conversation that another one began, which every one can show', async () => {
    const turn = { conversationId: 'shared', target: { type: 'agent', name: 'listener' } };
    const watch = await fetch(`${reader.endpoints.http}/messages?conversation_id=shared&watch=true`);
    await ask('first', { input: 'My cat is called Momo.', ...turn });
    expect(await answerOf('first')).toBe('I heard: My cat is called Momo.');
    await worker?.dispose();
    worker = await startWorker();
    await ask('second', { input: 'Well?', ...turn });
    expect(await answerOf('second')).toBe('You told me: My cat is called Momo.');
    const chunks = watch.body!.pipeThrough(new TextDecoderStream() as never).getReader();
    let text = '';
    await eventually(async () => {
      text += String((await chunks.read()).value);
      expect([...text.matchAll(/"role":"(\w+)"/g)].map(([, role]) => role)).toEqual([
        'user',
        'assistant',
        'user',
        'assistant',
      ]);
    });
    await chunks.cancel();
  });

  const post = (replica: Runtime | undefined, method: string, params: Json) =>
    fetch(`${replica?.endpoints.http}/agent/slow/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
  const rpc = async (replica: Runtime | undefined, method: string, params: Json) =>
    (await (await post(replica, method, params)).json()) as Json;
  const messageOf = (words: number, more: Json = {}) => {
    const text = Array.from({ length: words }, (_, i) => `word-${i}`).join(' ');
    return { kind: 'message', role: 'user', messageId: 'm', parts: [{ kind: 'text', text }], ...more };
  };
  const eventsIn = (stream: string) =>
    [...stream.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data).result as Json);
  /** The task of a message that the replica does not wait for. */
  async function begun(replica: Runtime | undefined, words: number): Promise<string> {
    const message = messageOf(words);
    const { result } = await rpc(replica, 'message/send', { message, configuration: { blocking: false } });
    expect(result).toMatchObject({ kind: 'task', status: { state: expect.stringMatching(/submitted|working/) } });
    return String(result.id);
  }

  it('know a task that another one took, show what becomes of it, and cancel it', async () => {
    for (const [taker, asked] of [
      [reader, () => worker],
      [worker, () => reader],
    ] as const) {
      const id = await begun(taker, 20);
      expect((await rpc(asked(), 'tasks/get', { id })).result).toMatchObject({ id, kind: 'task' });
      const stream = await (await post(asked(), 'tasks/resubscribe', { id })).text();
      // Word by word, also where it does not run.
      expect(eventsIn(stream).filter(({ kind }) => kind === 'artifact-update').length).toBeGreaterThan(2);
      expect(eventsIn(stream).at(-1)).toMatchObject({ final: true, status: { state: 'completed' } });
      expect(stream).toContain('word-19');
      const shown = (await rpc(asked(), 'tasks/get', { id })).result;
      expect(shown).toMatchObject({ id, status: { state: 'completed' } });
      expect(JSON.stringify(shown)).toContain('word-19');

      const long = await begun(taker, 400);
      const canceled = (await rpc(asked(), 'tasks/cancel', { id: long })).result;
      expect(canceled).toMatchObject({ id: long, status: { state: 'canceled' } });
      await eventually(async () => {
        expect((await rpc(taker, 'tasks/get', { id: long })).result).toMatchObject({ status: { state: 'canceled' } });
      });
    }
  });

  it('say how far a message is when they stop before its answer, which any other one tells', async () => {
    const message = messageOf(20, { contextId: 'left' });
    const sent = rpc(worker, 'message/send', { message });
    const streamed = post(worker, 'message/stream', { message }).then((answer) => answer.text());
    // Both have arrived: their Queries are there.
    await eventually(async () => {
      const list = await fetch(`${reader.endpoints.http}/agent/slow/tasks?contextId=left&status=TASK_STATE_WORKING`);
      expect(await list.json()).toMatchObject({ totalSize: 2 });
    });
    const stopped = worker?.stop();
    const { result } = await sent;
    expect(result).toMatchObject({ kind: 'task', contextId: 'left', status: { state: 'working' } });
    const last = eventsIn(await streamed).at(-1);
    expect(last).toMatchObject({ kind: 'status-update', final: false, status: { state: 'working' } });
    await stopped;
    await worker?.dispose();
    const followed = [result.id, last?.taskId].map((id) => post(reader, 'tasks/resubscribe', { id }));
    worker = await startWorker();
    for (const answer of followed) {
      const stream = await (await answer).text();
      expect(stream).toContain('word-19');
      expect(eventsIn(stream).at(-1)).toMatchObject({ final: true, status: { state: 'completed' } });
    }
  });
});
