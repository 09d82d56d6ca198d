import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewaySuite } from '../../src/kit/testing/index.js';
import { eventually } from '../harness/eventually.js';
import { agent, resource, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import type { ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { travelAgent } from '../harness/travel-agent.js';

const INVALID_PARAMS = -32602;

describe.each([
  ['agents of the runtime', 'always'],
  ['agents of a runtime that makes no Queries', 'never'],
])('%s', (_, persist) => {
  let runtime: Runtime;
  let travel: ScriptedA2aServer;
  beforeAll(async () => {
    runtime = await Runtime.start({ env: { ARK_GATEWAY_PERSIST: persist } });
    const slow = { executionEngine: { name: 'echo', options: { delayMs: 100 } } };
    travel = await travelAgent();
    const agents = yaml(
      agent('echo', { executionEngine: { name: 'echo' } }),
      agent('slow', slow),
      resource('A2AServer', 'travel', { address: { value: travel.url } }, 'v1prealpha1'),
    );
    const { code, stderr } = await runtime.ark(['apply', '-f', '-'], { input: agents });
    if (code !== 0) throw new Error(stderr);
    const card = `${runtime.endpoints.http}/agent/travel-agent/.well-known/agent-card.json`;
    await eventually(async () => expect((await fetch(card)).status).toBe(200), { within: 60_000 });
  });
  afterAll(async () => {
    await runtime?.dispose();
    await travel?.close();
  });

  const url = (name: string) => `${runtime.endpoints.http}/agent/${name}/`;
  gatewaySuite('reached over A2A', () => ({ echo: url('echo'), slow: url('slow'), asks: url('travel-agent') }));

  const post = async (to: string, body: string) => {
    const response = await fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const message = { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'Hello' }] };
  const call = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'message/send', params: { message } });

  it('are unknown in the words of whoever asks for one that does not exist', async () => {
    const rpc = await post(url('nobody'), call);
    expect(rpc).toMatchObject({ status: 404, body: { jsonrpc: '2.0', id: 7, error: { code: INVALID_PARAMS } } });
    const rest = await post(`${url('nobody')}message:send`, '{}');
    expect(rest).toMatchObject({ status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } });
    const old = await post(`${url('nobody')}v1/message:send`, '{}');
    expect(old).toMatchObject({ status: 404, body: { code: INVALID_PARAMS } });
    for (const { body } of [rpc, rest, old]) expect(JSON.stringify(body)).toContain('nobody');
  });

  it(`leave ${persist === 'always' ? 'a Query' : 'no Query'} behind`, async () => {
    expect((await post(url('echo'), call)).status).toBe(200);
    const { stdout } = await runtime.ark(['get', 'queries', '-o', 'json']);
    const { items } = JSON.parse(stdout) as { items: unknown[] };
    expect(items.length > 0).toBe(persist === 'always');
  });
});
