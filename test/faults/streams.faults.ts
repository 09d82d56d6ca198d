import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agent, query, yaml } from '../harness/manifests.js';
import { type PostgresServer, startPostgres } from '../harness/postgres.js';
import { Runtime } from '../harness/runtime.js';

const MINUTE = 60_000;
const WORDS = Array.from({ length: 60 }, (_, i) => `word${i}`);
const AWAY_MS = 10_000;

// One replica speaks for twenty seconds, another one is listened at; the database between them goes away meanwhile.
describe('streams between replicas on one PostgreSQL', () => {
  let database: PostgresServer;
  let reader: Runtime;
  let worker: Runtime;
  beforeAll(async () => {
    database = await startPostgres();
    const env = { DATABASE_URL: database.url };
    reader = await Runtime.start({ env: { ...env, ARK_ROLES: 'api' } });
    worker = await Runtime.start({ args: ['--kubernetes', 'kubeconfig', '--kubeconfig', reader.kubeconfig], env });
    const slow = agent('slow', { executionEngine: { name: 'echo', options: { delayMs: 333 } } });
    expect((await reader.ark(['apply', '-f', '-'], { input: yaml(slow) })).code).toBe(0);
  }, MINUTE);
  afterAll(async () => {
    await worker?.dispose();
    await reader?.dispose();
    await database?.stop();
  }, MINUTE);

  /** What one reader hears until the stream ends. */
  async function listen(runtime: Runtime, name: string): Promise<string> {
    const stream = await fetch(`${runtime.endpoints.http}/stream/${name}?wait-for-query=60&from-beginning=true`);
    expect(stream.status).toBe(200);
    const pieces: string[] = [];
    let ended = false;
    let rest = '';
    for await (const bytes of stream.body!.pipeThrough(new TextDecoderStream() as never)) {
      const lines = (rest + String(bytes)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'data: [DONE]') ended = true;
        else if (line.startsWith('data: {')) pieces.push(JSON.parse(line.slice(6)).choices?.[0]?.delta?.content ?? '');
      }
    }
    expect(ended).toBe(true);
    return pieces.join('');
  }

  it(
    'lose no word and end, and the conversation is kept, although PostgreSQL was away for ten seconds',
    async () => {
      const said = WORDS.join(' ');
      const spec = { input: said, conversationId: 'kept', target: { type: 'agent', name: 'slow' } };
      const heard = Promise.all([listen(reader, 'told'), listen(worker, 'told')]);
      expect((await reader.ark(['apply', '-f', '-'], { input: yaml(query('told', spec)) })).code).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      await database.crash();
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      await database.restart();
      expect(await heard).toEqual([said, said]);
      const kept = await fetch(`${reader.endpoints.http}/messages?conversation_id=kept`);
      expect(JSON.stringify(await kept.json())).toContain(WORDS.at(-1));
    },
    3 * MINUTE,
  );
});
