import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HostedAgents } from '../../src/dispatch/hosted/hosted-agents.js';
import type { TargetCall } from '../../src/dispatch/target-call.js';
import { noMetrics } from '../../src/kit/index.js';
import { Tracing } from '../../src/machinery/observability/tracing/tracing.js';
import type { Agent } from '../../src/resources/agent/agent.resource.js';
import type { Query } from '../../src/resources/query/query.resource.js';
import { rememberingLogger } from '../harness/engine-process.js';
import { agent, query } from '../harness/manifests.js';
import { MemoryObjects } from '../harness/memory-objects.js';
import { type A2aCall, ScriptedA2aServer } from '../harness/scripted-a2a-server.js';

const TARGET = { type: 'agent' as const, name: 'far' };
const Q = query('q', { input: 'x', target: TARGET });
/** For a Query that passes no API server is asked. */
const PASSING = 'passing-1';
const MINUTE_MS = 60_000;

type Parts = ConstructorParameters<typeof HostedAgents>;

const said = (text: string) => ({ kind: 'message', role: 'agent', messageId: 'r', parts: [{ kind: 'text', text }] });

describe('an agent on an A2A server', () => {
  let server: ScriptedA2aServer;
  let agents: HostedAgents;
  let called: Promise<A2aCall>;
  // One clock for all: that of the HTTP client runs on from test to test.
  beforeAll(
    () => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] }),
  );
  afterAll(() => void jest.useRealTimers());
  beforeEach(async () => {
    server = await ScriptedA2aServer.listen(() => undefined);
    called = new Promise((resolve) => {
      server.onCall = resolve;
    });
  });
  afterEach(async () => {
    await agents.onApplicationShutdown();
    await server.close();
  });

  /** Asks an agent that streams or not, on a server with this limit. */
  function ask(timeout: string | undefined, streaming = false) {
    const found = agent('far', { executionEngine: { name: 'a2a' } });
    const annotations = {
      'ark.mckinsey.com/a2a-server-name': 'there',
      'ark.mckinsey.com/a2a-server-address': server.url,
      'ark.mckinsey.com/a2a-streaming-supported': String(streaming),
    };
    const far = { ...found, metadata: { ...found.metadata, annotations } };
    const there = {
      apiVersion: 'ark.mckinsey.com/v1prealpha1',
      kind: 'A2AServer',
      metadata: { name: 'there' },
      spec: { address: { value: server.url }, timeout },
      status: { lastResolvedAddress: server.url },
    };
    const unused = {} as Parts[1] & Parts[2];
    const events = { around: (_query, _agent, work) => work() } as Pick<Parts[3], 'around'> as Parts[3];
    const objects = new MemoryObjects().put(far, there);
    agents = new HostedAgents(objects, unused, unused, events, rememberingLogger(), noMetrics, new Tracing());
    const call: TargetCall = {
      query: { ...Q, metadata: { ...Q.metadata, uid: PASSING } } as unknown as Query,
      target: TARGET,
      text: 'x',
      messageId: 'attempt-1',
      signal: new AbortController().signal,
      deadline: new Date(Date.now() + 24 * 60 * MINUTE_MS),
      onText: () => {},
    };
    return agents.ask(far as unknown as Agent, call);
  }

  /** The call, or the failure of who should have made it. */
  const isCalled = (answer: Promise<unknown>) =>
    Promise.race([called, answer.then(() => Promise.reject(new Error('answered without a call')))]);

  it.each([undefined, '5m', '20m', '720h', '2000000h'])(
    'that takes longer than five minutes is waited for, with %s as the limit of its server',
    async (limit) => {
      const answer = ask(limit);
      const call = await isCalled(answer);
      await jest.advanceTimersByTimeAsync(19 * MINUTE_MS);
      call.result(said('at last'));
      expect(await answer).toMatchObject({ phase: 'done', content: 'at last' });
    },
  );

  it('that says nothing on its stream for longer than five minutes is waited for', async () => {
    const answer = ask('20m', true);
    const call = await isCalled(answer);
    await jest.advanceTimersByTimeAsync(19 * MINUTE_MS);
    call.event(said('slowly but surely'));
    call.end();
    expect(await answer).toMatchObject({ phase: 'done', content: 'slowly but surely' });
  });

  it('that takes longer than the limit of its server is given up', async () => {
    await expect(ask('50ms')).rejects.toMatchObject({
      family: 'Timeout',
      message: "the call to A2AServer 'there' failed: no answer within 0.05 seconds",
    });
  });
});
