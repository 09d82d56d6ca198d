import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { agent, resource, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import type { ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { travelAgent } from '../harness/travel-agent.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

/** What comes over the wire; expectations say what it must be. */
type Json = Record<string, ReturnType<typeof JSON.parse>>;

describeWithKubectl('a task of the gateway that asks something', () => {
  let runtime: Runtime;
  let travel: ScriptedA2aServer;
  const opened: string[] = [];
  const vault: Server = createServer((request, response) => {
    opened.push(request.url ?? '');
    response.end(`done ${request.url}`);
  });

  beforeAll(async () => {
    await new Promise<void>((done) => vault.listen(0, '127.0.0.1', done));
    travel = await travelAgent();
    runtime = await Runtime.start();
    const url = `http://127.0.0.1:${(vault.address() as AddressInfo).port}/open`;
    const report = { afterTool: '/./s', answer: 'I heard: {result}' };
    const script = [{ match: 'Go', answer: 'Let me.', toolCalls: [{ name: 'open', arguments: {} }] }, report];
    const config = { scripted: { script } };
    const tools = [{ type: 'http', name: 'open', approval: { required: true, timeout: '5m' } }];
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        resource('Model', 'script', { provider: 'scripted', model: { value: 'script' }, config }),
        resource('Tool', 'open', { type: 'http', inputSchema: { type: 'object' }, http: { url } }),
        agent('keeper', { modelRef: { name: 'script' }, tools }),
        agent('echo', { executionEngine: { name: 'echo' } }),
        resource('A2AServer', 'travel', { address: { value: travel.url } }, 'v1prealpha1'),
      ),
    );
    await runtime.kubectlOk(['wait', '--for=condition=Ready', 'a2aserver/travel', '--timeout=60s']);
    await runtime.kubectlOk(['wait', '--for=condition=Available', 'agent/travel-agent', '--timeout=60s']);
  });
  afterAll(async () => {
    vault.closeAllConnections();
    vault.close();
    await runtime?.dispose();
    await travel?.close();
  });

  const post = (path: string, body: Json) =>
    fetch(`${runtime.endpoints.http}/agent/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const rpc = async (name: string, method: string, params: Json) =>
    (await (await post(`${name}/`, { jsonrpc: '2.0', id: 1, method, params })).json()) as Json;
  const say = (text: string, more: Json = {}) => ({
    message: { kind: 'message', role: 'user', messageId: 'm1', parts: [{ kind: 'text', text }], ...more },
  });

  it('about a tool calls it when the answer is yes, in the same task and context', async () => {
    const calls = opened.length;
    const { result: asked } = await rpc('keeper', 'message/send', say('Go', { contextId: 'vault' }));
    expect(asked).toMatchObject({ kind: 'task', contextId: 'vault', status: { state: 'input-required' } });
    const taskId = asked.id as string;
    expect((await rpc('keeper', 'message/send', say('perhaps', { taskId }))).error.code).toBe(-32602);
    expect((await rpc('keeper', 'message/send', say('yes', { taskId, contextId: 'other' }))).error.code).toBe(-32602);
    expect((await rpc('echo', 'message/send', say('yes', { taskId }))).error.code).toBe(-32001);
    expect(opened).toHaveLength(calls);
    const { result } = await rpc('keeper', 'message/send', say('yes', { taskId, contextId: 'vault' }));
    expect(result).toMatchObject({ kind: 'message', taskId, contextId: 'vault' });
    expect(result.parts[0].text).toMatch(/^I heard: .*done \/open/s);
    expect(opened).toHaveLength(calls + 1);
    const again = await rpc('keeper', 'message/send', say('yes', { taskId }));
    expect(again.error).toMatchObject({ code: -32004, message: expect.stringContaining('has ended') });
  });

  it('about a tool does without it when the answer is no', async () => {
    const calls = opened.length;
    const { result: asked } = await rpc('keeper', 'message/send', say('Go'));
    const { result } = await rpc('keeper', 'message/send', say('no', { taskId: asked.id, contextId: asked.contextId }));
    expect(result.parts[0].text).toContain('I heard');
    expect(opened).toHaveLength(calls);
  });

  it('goes on in a stream, over HTTP of protocol 1.0, whose last word is the whole answer', async () => {
    const message = (text: string, more: Json = {}) => ({
      message: { role: 'ROLE_USER', messageId: 'm2', parts: [{ text }], ...more },
    });
    const { task } = (await (await post('keeper/message:send', message('Go'))).json()) as Json;
    expect(task.status.state).toBe('TASK_STATE_INPUT_REQUIRED');
    const stream = await (await post('keeper/message:stream', message('approve', { taskId: task.id }))).text();
    const events = stream
      .split('\n\n')
      .flatMap((block) => (block.startsWith('data: ') ? [JSON.parse(block.slice(6))] : []));
    expect(events[0]).toMatchObject({ task: { id: task.id } });
    expect(events.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
    const heard = events.flatMap(({ artifactUpdate }) => (artifactUpdate ? [artifactUpdate] : []));
    const text = heard.reduce((said: string, { append, artifact: { parts } }) => {
      const piece = (parts ?? []).map((part: Json) => part.text).join('');
      return append ? said + piece : piece;
    }, '');
    expect(text).toMatch(/^I heard: .*done \/open/s);
  });

  it('of an agent on another server passes the answer on', async () => {
    const { result: asked } = await rpc('travel-agent', 'message/send', say('A journey', { contextId: 'mine' }));
    expect(asked).toMatchObject({ kind: 'task', contextId: 'mine', status: { state: 'input-required' } });
    expect(asked.status.message.parts[0].text).toBe('Where to?');
    const { result } = await rpc('travel-agent', 'message/send', say('Rome', { taskId: asked.id, contextId: 'mine' }));
    expect(result).toMatchObject({ kind: 'message', contextId: 'mine', parts: [{ text: 'Booked Rome' }] });
  });
});
