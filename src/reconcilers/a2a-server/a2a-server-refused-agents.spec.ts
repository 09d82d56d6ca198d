import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { denied, type KubeObject } from '../../kit/index.js';
import { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { FakeContext } from '../fake-context.js';
import { A2aDiscovery, type FoundAgents } from './a2a-discovery.js';
import { A2aServerDiscoveryReconciler } from './a2a-server-discovery.reconciler.js';

const ADDRESS = 'http://mock:8080';
const KEY = { namespace: 'n', name: 'mock' };

/** A server of the API that does not let some objects be written or deleted. */
class StrictContext extends FakeContext {
  readonly refused = new Set<string>();

  override async apply<T extends KubeObject>(object: T, options?: { fresh?: boolean }): Promise<T> {
    this.check(object);
    return super.apply(object, options);
  }

  override async delete(object: KubeObject): Promise<void> {
    this.check(object);
    return super.delete(object);
  }

  private check({ metadata: { name } }: KubeObject): void {
    if (this.refused.has(name)) throw denied(`a policy of the cluster keeps ${name}`);
  }
}

class ListedAgents extends A2aDiscovery {
  names: string[] = [];

  async read(): Promise<FoundAgents> {
    const about = { description: '', skills: [], streaming: false, pushes: false, address: ADDRESS };
    return { agents: this.names.map((name) => ({ ...about, name })), listed: true, url: ADDRESS };
  }
}

describe('an A2A server whose Agents the cluster refuses', () => {
  let context: StrictContext;
  let discovery: ListedAgents;
  let reconciler: A2aServerDiscoveryReconciler;
  beforeEach(() => {
    context = new StrictContext('a2a-server-discovery');
    discovery = new ListedAgents();
    const settings = { maxConcurrentQueries: 1, modelProbeTimeoutMs: 1, kubernetes: 'embedded' } as const;
    const duties = { isMine: () => true };
    reconciler = new A2aServerDiscoveryReconciler(discovery, duties, { ...settings, a2aAgentNamePrefix: 'never' });
    context.put<A2AServer>({
      ...{ apiVersion: 'ark.mckinsey.com/v1prealpha1', kind: 'A2AServer' },
      metadata: { ...KEY, uid: 'uid-mock', generation: 1 },
      spec: { address: { value: ADDRESS }, pollInterval: '10s' },
    });
  });
  afterEach(() => context.stopping.abort());

  /** A reading of the server, some time after the last one, and what comes of it. */
  async function read(...names: string[]) {
    discovery.names = names;
    context.time = new Date(context.time.getTime() + 60_000);
    const reconcile = () => reconciler.reconcile(context.get(A2AServer, KEY)!, context);
    const woken = context.woken.length;
    await reconcile();
    await eventually(() => context.woken.length > woken);
    await reconcile();
    return {
      conditions: context.get(A2AServer, KEY)?.status?.conditions,
      agents: context.list(Agent).map(({ metadata }) => metadata.name),
    };
  }

  it('says which could not be written and why, and has the others', async () => {
    context.refused.add('mock-two');
    const { conditions, agents } = await read('one', 'two', 'three');
    const message = "agent 'mock-two': a policy of the cluster keeps mock-two";
    expect(agents).toEqual(['mock-one', 'mock-three']);
    expect(conditions).toMatchObject([
      { type: 'Ready', status: 'False', reason: 'AgentCreationFailed', message },
      { type: 'Discovering', status: 'False', reason: 'DiscoveryComplete' },
    ]);
    await read('one', 'two', 'three');
    expect(context.events).toEqual([{ object: 'mock', type: 'Warning', reason: 'AgentCreationFailed', message }]);
    context.refused.clear();
    expect(await read('one', 'two', 'three')).toMatchObject({
      conditions: [{ status: 'True', reason: 'AgentDiscovered' }, {}],
      agents: ['mock-one', 'mock-three', 'mock-two'],
    });
  });

  it('says which could not be taken back and why, and takes back the others', async () => {
    await read('one', 'two', 'three');
    context.refused.add('mock-one');
    const { conditions, agents } = await read('four');
    const message = "agent 'mock-one': a policy of the cluster keeps mock-one";
    expect(agents).toEqual(['mock-one', 'mock-four']);
    expect(conditions).toMatchObject([
      { type: 'Ready', status: 'False', reason: 'AgentDeletionFailed', message },
      { type: 'Discovering', status: 'False', reason: 'DiscoveryComplete' },
    ]);
    expect(context.events).toEqual([{ object: 'mock', type: 'Warning', reason: 'AgentDeletionFailed', message }]);
    context.refused.clear();
    expect(await read('four')).toMatchObject({
      conditions: [{ status: 'True', reason: 'AgentDiscovered' }, {}],
      agents: ['mock-four'],
    });
  });

  it('names three of many, and how many more', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) context.refused.add(`mock-${name}`);
    const { conditions } = await read(...names);
    expect(conditions?.[0]?.message).toMatch(
      /^agent 'mock-a': .*; agent 'mock-b': .*; agent 'mock-c': .*; and 2 more$/,
    );
  });
});
