import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, resource, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import type { ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { travelAgent } from '../harness/travel-agent.js';

/** What comes over the wire; expectations say what it must be. */
type Json = Record<string, ReturnType<typeof JSON.parse>>;

describe('a gateway that makes no Queries', () => {
  let runtime: Runtime;
  let travel: ScriptedA2aServer;
  const opened: string[] = [];
  const vault: Server = createServer((request, response) => {
    opened.push(request.url ?? '');
    response.end(`done ${request.url}`);
  });
  /** A memory service, and the bodies it was sent. */
  const remembered: string[] = [];
  const memory: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      if (body) remembered.push(body);
      response.end('{"items": []}');
    });
  });

  beforeAll(async () => {
    for (const server of [vault, memory]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    travel = await travelAgent();
    const provider = { ARK_A2A_PROVIDER_NAME: 'Acme', ARK_A2A_PROVIDER_URL: 'https://acme.example.com' };
    const listen = { ARK_A2A_LISTEN_HOST: 'agents.example.com', ARK_A2A_LISTEN_PROTOCOL: 'https' };
    const env = { ARK_GATEWAY_PERSIST: 'never', ARK_MAX_CONCURRENT_QUERIES: '2', ...provider, ...listen };
    runtime = await Runtime.start({ args: ['--plugins', 'dist/examples/memory/plugins'], env });
    const at = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const url = `${at(vault)}/open`;
    const report = { afterTool: '/./s', answer: 'I heard: {result}' };
    const script = [{ match: 'Go', answer: 'Let me.', toolCalls: [{ name: 'open', arguments: {} }] }, report];
    const asked = { required: true, timeout: '5m' };
    const slow = { executionEngine: { name: 'echo', options: { delayMs: 500 } } };
    const input = yaml(
      resource('Model', 'script', {
        provider: 'scripted',
        model: { value: 'script' },
        config: { scripted: { script } },
      }),
      resource('Tool', 'open', { type: 'http', inputSchema: { type: 'object' }, http: { url } }),
      agent('porter', { modelRef: { name: 'script' }, tools: [{ type: 'http', name: 'open' }] }),
      agent('keeper', { modelRef: { name: 'script' }, tools: [{ type: 'http', name: 'open', approval: asked }] }),
      agent('listener', { executionEngine: { name: 'recall' } }),
      agent('slow', slow),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } },
      {
        ...resource('Memory', 'default', { address: { value: at(memory) } }),
        metadata: { name: 'default', namespace: 'elsewhere' },
      },
      agent('echo', { executionEngine: { name: 'echo' } }, 'elsewhere'),
      resource('ExecutionEngine', 'elsewhere', { address: { value: travel.url } }, 'v1prealpha1'),
      agent('far', { executionEngine: { name: 'elsewhere' } }),
      resource('A2AServer', 'travel', { address: { value: travel.url } }, 'v1prealpha1'),
    );
    const { code, stderr } = await runtime.ark(['apply', '-f', '-'], { input });
    if (code !== 0) throw new Error(stderr);
    const found = async () => expect((await rpc('travel-agent', 'tasks/get', { id: 'x' })).error.code).toBe(-32001);
    await eventually(found);
  });
  afterAll(async () => {
    for (const server of [vault, memory]) {
      server.closeAllConnections();
      server.close();
    }
    await runtime?.dispose();
    await travel?.close();
  });

  async function rpc(name: string, method: string, params: Json, place = '/agent'): Promise<Json> {
    const response = await fetch(`${runtime.endpoints.http}${place}/${name}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return (await response.json()) as Json;
  }
  const say = (text: string, more: Json = {}, configuration: Json = { blocking: true }) => ({
    configuration,
    message: { kind: 'message', role: 'user', messageId: 'm1', parts: [{ kind: 'text', text }], ...more },
  });
  const answer = async (name: string, text: string, more?: Json): Promise<string> =>
    (await rpc(name, 'message/send', say(text, more))).result.parts[0].text as string;

  /** What a task says that failed. */
  async function failureOf(name: string, text: string): Promise<string> {
    const { result } = await rpc(name, 'message/send', say(text));
    expect(result).toMatchObject({ kind: 'task', status: { state: 'failed' } });
    return result.status.message.parts[0].text as string;
  }

  it('has cards that name the organization and the address that its owner gave', async () => {
    const answer = await fetch(`${runtime.endpoints.http}/agent/slow/.well-known/agent-card.json`);
    expect(await answer.json()).toMatchObject({
      provider: { organization: 'Acme', url: 'https://acme.example.com' },
      url: 'https://agents.example.com:7184/agent/slow/',
    });
  });

  it('remembers what was said in a context, and nothing of another', async () => {
    const contextId = 'holiday';
    expect(await answer('listener', 'First.', { contextId })).toBe('I heard: First.');
    expect(await answer('listener', 'Second.', { contextId })).toBe('You told me: First.');
    expect(await answer('listener', 'Hello.', { contextId: 'other' })).toBe('I heard: Hello.');
    const { result } = await rpc('listener', 'message/send', say('Alone.'));
    expect(await answer('listener', 'Again.', { contextId: result.contextId })).toBe('You told me: Alone.');
  });

  it('lets tools be called through the gate, but for those that somebody has to approve', async () => {
    expect(await answer('porter', 'Go')).toMatch(/^I heard: .*done \/open/s);
    const calls = opened.length;
    expect(await failureOf('keeper', 'Go')).toContain('ARK_GATEWAY_PERSIST=never');
    expect(opened).toHaveLength(calls);
  });

  it('passes on what an agent elsewhere asks, and the answer to it, and leaves no record', async () => {
    const { result: asked } = await rpc('travel-agent', 'message/send', say('A journey', { contextId: 'mine' }));
    expect(asked).toMatchObject({ kind: 'task', contextId: 'mine', status: { state: 'input-required' } });
    expect(asked.status.message.parts[0].text).toBe('Where to?');
    const { result } = await rpc('travel-agent', 'message/send', say('Rome', { taskId: asked.id, contextId: 'mine' }));
    expect(result).toMatchObject({ kind: 'message', contextId: 'mine', parts: [{ text: 'Booked Rome' }] });
    const { stdout } = await runtime.ark(['get', 'a2atasks', '-o', 'json']);
    expect((JSON.parse(stdout) as Json).items).toEqual([]);
  });

  it('says why an engine outside the process cannot answer', async () => {
    const why = /engine 'elsewhere' is outside this process.*ARK_GATEWAY_PERSIST/;
    // Its address is resolved some time after it is there.
    await eventually(async () => expect(await failureOf('far', 'Hello')).toMatch(why));
  });

  /** What the figures say of messages without a Query. */
  const shows = (running: number, waiting: number) =>
    eventually(async () => {
      const text = await (await fetch(`${runtime.endpoints.http}/metrics`)).text();
      expect(text).toContain(`\nark_gateway_tasks_running ${running}\n`);
      expect(text).toContain(`\nark_gateway_tasks_waiting ${waiting}\n`);
    });

  it('works on so many at once as it may, and cancels one that waits', async () => {
    const begin = async () =>
      (await rpc('slow', 'message/send', say('w '.repeat(400), {}, { blocking: false }))).result;
    const [one, two, three] = [await begin(), await begin(), await begin()];
    const states = [one, two, three].map((task) => task.status.state as string);
    expect(states).toEqual(['working', 'working', 'submitted']);
    await shows(2, 1);
    for (const task of [three, two, one]) {
      expect((await rpc('slow', 'tasks/cancel', { id: task.id })).result.status.state).toBe('canceled');
    }
    await shows(0, 0);
    expect(await answer('listener', 'Free again.')).toBe('I heard: Free again.');
  });

  it('keeps what was said right before it ends, in a memory elsewhere, too', async () => {
    const ask = (text: string) => rpc('echo', 'message/send', say(text), '/ns/elsewhere/agent');
    // The Memory is there when it is resolved.
    await eventually(async () => {
      expect((await ask('Are you there?')).result.parts[0].text).toContain('Are you there?');
      expect(remembered.length).toBeGreaterThan(0);
    });
    await ask('My last words');
    await runtime.stop();
    await runtime.boot();
    expect(remembered.join()).toContain('My last words');
  });

  it('leaves no Query in the API server', async () => {
    const { stdout } = await runtime.ark(['get', 'queries', '-o', 'json']);
    expect((JSON.parse(stdout) as Json).items).toEqual([]);
  });
});
