import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Engine, type EngineEvent, ExecutionEngine, text } from '../../src/kit/index.js';
import { silentLogger } from '../../src/kit/testing/index.js';
import { type ServedEngines, type ServeOptions, serveEngine } from '../../src/serve.js';
import { EmbeddedDoor } from '../harness/embedded-door.js';
import { eventually } from '../harness/eventually.js';
import { agent, query } from '../harness/manifests.js';
import { listens, rawExchange, statusesIn } from '../harness/raw-http.js';

const REF = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1/ref';

describe('a process of engines alone', () => {
  let asked = 0;
  const turnstile = Promise.withResolvers<void>();
  /** Says something when it is let go on. */
  class Patient implements Engine {
    async *execute(): AsyncIterable<EngineEvent> {
      asked += 1;
      await turnstile.promise;
      yield text('At last.');
    }
  }
  ExecutionEngine({ name: 'patient', description: 'Takes its time' })(Patient);

  let cluster: EmbeddedDoor;
  let served: ServedEngines | undefined;
  beforeAll(async () => {
    cluster = await EmbeddedDoor.start('agents', 'queries');
    const objects = [
      agent('a', { prompt: 'x', executionEngine: { name: 'patient' } }),
      query('q', { input: 'x', target: { type: 'agent', name: 'a' } }),
    ];
    for (const object of objects) {
      const path = `/apis/ark.mckinsey.com/v1alpha1/namespaces/default/${object.kind === 'Agent' ? 'agents' : 'queries'}`;
      const body = JSON.stringify(object);
      const made = await cluster.ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      expect(made.code).toBe(201);
    }
  });
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });
  afterAll(() => cluster.close());

  async function serve(options: ServeOptions = {}): Promise<ServedEngines> {
    const { kubeconfig } = cluster;
    served = await serveEngine(Patient, {
      kubeconfig,
      port: 0,
      handleSignals: false,
      logger: silentLogger,
      ...options,
    });
    return served;
  }
  const ask = (url: string, headers: Record<string, string>, method = 'GET') =>
    new Promise<[status: number, body: string]>((done, fail) => {
      const sent = request(url, { method, headers }, (response) => {
        let body = '';
        response.on('data', (data: Buffer) => (body += data.toString()));
        response.on('end', () => done([response.statusCode ?? 0, body]));
      });
      sent.on('error', fail).end();
    });

  it('answers on loopback to names of this machine, and to no page that calls it by a name of its own', async () => {
    const { url } = await serve({ publicUrl: 'https://engine.example.com' });
    for (const path of ['/health', '/metrics', '/.well-known/agent-card.json', '/engines']) {
      for (const host of ['localhost:8000', '127.0.0.1', 'engine.example.com'])
        expect([path, host, (await ask(url + path, { host }))[0]]).toEqual([path, host, 200]);
      const [status, body] = await ask(url + path, { host: 'evil.example' });
      expect([path, status, body]).toEqual([path, 421, expect.stringContaining('ARK_ENGINE_TOKEN')]);
    }
    const [status, body] = await ask(url, { origin: 'http://evil.example' }, 'POST');
    expect([status, body]).toEqual([403, expect.not.stringContaining('ARK_CORS_ORIGINS')]);
  });

  it('answers to any name where it asks for a token', async () => {
    const token = 'nobody-guesses-this-one';
    const { url } = await serve({ token });
    expect((await ask(url, { host: 'evil.example' }))[0]).toBe(401);
    const headers = { host: 'engine.example.com', authorization: `Bearer ${token}` };
    expect((await ask(`${url}/.well-known/agent-card.json`, headers))[0]).toBe(200);
  });

  it('reads no body of a caller without its token', async () => {
    const { url } = await serve({ token: 'nobody-guesses-this-one' });
    const head = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n';
    expect(statusesIn(await rawExchange(url, head, 100))).toEqual([401]);
  });

  it('answers what is under way before it stops, and takes nothing new', async () => {
    const { url, close } = await serve();
    const metadata = { [REF]: { name: 'q', namespace: 'default' } };
    const message = { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'x' }], metadata };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } });
    const headers = { 'content-type': 'application/json' };
    const answer = fetch(url, { method: 'POST', headers, body }).then(
      (response) => response.text(),
      (error: unknown) => `cut off: ${String(error)}`,
    );
    await eventually(() => expect(asked).toBe(1));
    const closed = close();
    turnstile.resolve();
    expect(await answer).toContain('At last.');
    await closed;
    expect(await listens(url)).toBe(false);
  });
});
