import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { reconcilers } from '../../kit/index.js';
import { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { FakeContext } from '../fake-context.js';
import { A2aDiscovery, type FoundAgents } from './a2a-discovery.js';
import { A2aServerDiscoveryReconciler } from './a2a-server-discovery.reconciler.js';

const ADDRESS = 'http://mock:8080';
const AGENT = { namespace: 'n', name: 'echo' };

class OneAgent extends A2aDiscovery {
  readings = 0;

  async read(): Promise<FoundAgents> {
    this.readings += 1;
    const about = { description: '', skills: [], streaming: false, pushes: false, address: ADDRESS };
    return { agents: [{ ...about, name: 'Echo' }], listed: false, url: ADDRESS };
  }
}

describe('an A2A server whose Agent was refused its name', () => {
  let context: FakeContext;
  let discovery: OneAgent;
  let reconciler: A2aServerDiscoveryReconciler;
  const server = (name: string) => context.get(A2AServer, { namespace: 'n', name })!;
  const put = (name: string, deletionTimestamp?: string) =>
    context.put<A2AServer>({
      ...{ apiVersion: 'ark.mckinsey.com/v1prealpha1', kind: 'A2AServer' },
      metadata: { namespace: 'n', name, uid: `uid-${name}`, generation: 1, deletionTimestamp },
      spec: { address: { value: ADDRESS }, pollInterval: '1h' },
      status: server(name)?.status,
    });
  beforeEach(() => {
    context = new FakeContext('a2a-server-discovery');
    discovery = new OneAgent();
    const settings = { maxConcurrentQueries: 1, modelProbeTimeoutMs: 1, kubernetes: 'embedded' } as const;
    const duties = { isMine: () => true };
    reconciler = new A2aServerDiscoveryReconciler(discovery, duties, { ...settings, a2aAgentNamePrefix: 'never' });
  });
  afterEach(() => context.stopping.abort());

  const reconcile = (name: string) => reconciler.reconcile(server(name), context);
  /** Reads the card for the first time, and does what comes of it. */
  async function read(name: string) {
    put(name);
    await reconcile(name);
    await eventually(() => expect(context.woken).toContain(`n/${name}`));
    await reconcile(name);
  }
  const ready = (name: string) => server(name).status?.conditions?.[0];
  /** Which Agents wake the reconciler for a server, besides its own ones. */
  const followed = (name: string) => {
    const { follows = [] } = reconcilers.markOf(A2aServerDiscoveryReconciler)?.options ?? {};
    return follows.filter(({ kind }) => kind === Agent).flatMap(({ references }) => references(server(name)));
  };

  it('is woken by the Agent that has the name, and has its own as soon as that one is gone', async () => {
    context.put<Agent>({
      ...{ apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'Agent' },
      metadata: AGENT,
      spec: { prompt: 'mine' },
    });
    await read('mock');
    expect(ready('mock')).toMatchObject({ status: 'False', reason: 'AgentCreationFailed' });
    expect(followed('mock')).toEqual([AGENT]);
    await context.delete(context.get(Agent, AGENT)!);
    await reconcile('mock');
    expect(ready('mock')).toMatchObject({ status: 'True', reason: 'AgentDiscovered' });
    expect(context.get(Agent, AGENT)?.metadata.labels).toEqual({ 'a2a/server': 'mock' });
    expect(discovery.readings).toBe(1);
    expect(followed('mock')).toEqual([]);
  });

  it('has the name also when the Agent of another server goes before that server does', async () => {
    await read('mock');
    await read('second');
    expect(followed('second')).toEqual([AGENT]);
    put('mock', '2026-01-01T00:00:00Z');
    await reconcile('mock');
    await context.delete(context.get(Agent, AGENT)!);
    await reconcile('second');
    expect(context.get(Agent, AGENT)?.metadata.labels).toEqual({ 'a2a/server': 'second' });
  });
});
