import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { reconcilers, unavailable } from '../../kit/index.js';
import { A2AServer, type A2AServerSpec, type AgentNamePrefix } from '../../resources/a2a-server/a2a-server.resource.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { Service } from '../../resources/core/service.resource.js';
import { FakeContext } from '../fake-context.js';
import { A2aDiscovery, type CardReading, type FoundAgents } from './a2a-discovery.js';
import { A2aServerDiscoveryReconciler } from './a2a-server-discovery.reconciler.js';

const ADDRESS = 'http://mock:8080/a2a';
const ECHO = {
  name: 'Echo Agent',
  description: 'Echoes',
  skills: [{ id: 'echo' }],
  streaming: false,
  pushes: false,
  address: ADDRESS,
};
const ONE: FoundAgents = { agents: [ECHO], listed: false, url: `${ADDRESS}/card`, etag: '"1"' };

const stranger: Agent = {
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Agent',
  metadata: { namespace: 'n', name: 'echo-agent' },
  spec: { prompt: 'mine' },
};

class ScriptedDiscovery extends A2aDiscovery {
  readonly readings: CardReading[] = [];
  answer: (reading: CardReading) => Promise<FoundAgents> = async () => ONE;

  read(reading: CardReading): Promise<FoundAgents> {
    this.readings.push(reading);
    return this.answer(reading);
  }
}

describe('an A2A server', () => {
  let context: FakeContext;
  let discovery: ScriptedDiscovery;
  let reconciler: A2aServerDiscoveryReconciler;
  let mine: boolean;
  const started = (a2aAgentNamePrefix: AgentNamePrefix) => {
    const unused = { maxConcurrentQueries: 1, modelProbeTimeoutMs: 1, kubernetes: 'embedded' } as const;
    reconciler = new A2aServerDiscoveryReconciler(discovery, { isMine: () => mine }, { a2aAgentNamePrefix, ...unused });
  };
  const put = (name = 'mock', spec: Partial<A2AServerSpec> = {}, annotations: Record<string, string> = {}) =>
    context.put<A2AServer>({
      apiVersion: 'ark.mckinsey.com/v1prealpha1',
      kind: 'A2AServer',
      metadata: { namespace: 'n', name, uid: `uid-${name}`, generation: 1, annotations },
      spec: { address: { value: ADDRESS }, pollInterval: '10s', ...spec },
      status: context.get(A2AServer, { namespace: 'n', name })?.status,
    });
  const reconcile = (name = 'mock') => reconciler.reconcile(context.get(A2AServer, { namespace: 'n', name })!, context);
  const woken = (name: string) => context.woken.filter((key) => key === `n/${name}`).length;
  /** As the machinery does: again when an answer has come. */
  const look = async (name = 'mock') => {
    const before = woken(name);
    const next = await reconcile(name);
    if (next.afterMs !== undefined) return next;
    await eventually(() => woken(name) > before);
    return reconcile(name);
  };
  const later = (seconds: number) => {
    context.time = new Date(context.time.getTime() + seconds * 1000);
  };
  const status = (name = 'mock') => context.get(A2AServer, { namespace: 'n', name })?.status;
  const agents = () => context.list(Agent, { namespace: 'n' });
  const agent = (name: string) => context.get(Agent, { namespace: 'n', name });

  beforeEach(() => {
    context = new FakeContext('a2a-server-discovery');
    discovery = new ScriptedDiscovery();
    mine = true;
    started('onConflict');
    put();
  });
  afterEach(() => context.stopping.abort());

  it('becomes an Agent that says where it is from', async () => {
    put('mock', {}, { 'ark.mckinsey.com/owner': 'me', 'kubectl.kubernetes.io/x': 'y' });
    await look();
    expect(agent('echo-agent')).toMatchObject({
      metadata: {
        labels: { 'a2a/server': 'mock' },
        ownerReferences: [
          { apiVersion: 'ark.mckinsey.com/v1prealpha1', kind: 'A2AServer', name: 'mock', uid: 'uid-mock' },
        ],
      },
      spec: { description: 'Echoes', prompt: 'You are Echo Agent. Echoes', executionEngine: { name: 'a2a' } },
    });
    expect(agent('echo-agent')?.metadata.annotations).toEqual({
      'ark.mckinsey.com/a2a-server-name': 'mock',
      'ark.mckinsey.com/a2a-server-address': ADDRESS,
      'ark.mckinsey.com/a2a-server-skills': '[{"id":"echo"}]',
      'ark.mckinsey.com/a2a-streaming-supported': 'false',
      'ark.mckinsey.com/owner': 'me',
    });
    expect(status()).toMatchObject({
      lastResolvedAddress: ADDRESS,
      conditions: [
        { type: 'Ready', status: 'True', reason: 'AgentDiscovered', message: 'Successfully discovered agent' },
        { type: 'Discovering', status: 'False', reason: 'DiscoveryComplete', message: 'Agent discovery completed' },
      ],
    });
  });

  it('says at once that it is looked at, and nothing more while nothing changes', async () => {
    await look();
    expect(context.writes).toMatchObject([
      { conditions: [{ reason: 'Initializing' }, { status: 'True', reason: 'StartingDiscovery' }] },
      { conditions: [{ reason: 'AgentDiscovered' }, {}] },
    ]);
    later(11);
    await look();
    expect(discovery.readings).toHaveLength(2);
    expect(discovery.readings[1]?.known).toBe(ONE);
    expect(context.writes).toHaveLength(2);
  });

  it.each<[string, Partial<typeof ECHO>]>([
    ['description', { description: 'Repeats' }],
    ['skills', { skills: [] as never }],
    ['streaming', { streaming: true }],
    ['push notifications', { pushes: true }],
    ['address', { address: 'http://elsewhere' }],
  ])('gets a fresh Agent when its %s changes', async (_what, change) => {
    await look();
    const before = agent('echo-agent')?.metadata.resourceVersion;
    discovery.answer = async () => ({ ...ONE, agents: [{ ...ECHO, ...change }] });
    later(11);
    await look();
    expect(agent('echo-agent')?.metadata.resourceVersion).not.toBe(before);
  });

  it('takes its Agent back when the card shows another one', async () => {
    await look();
    discovery.answer = async () => ({ ...ONE, agents: [{ ...ECHO, name: 'Other' }] });
    later(11);
    await look();
    expect(agents().map(({ metadata }) => metadata.name)).toEqual(['other']);
  });

  it('makes an Agent again that somebody deleted, without asking the server', async () => {
    await look();
    await context.delete(agent('echo-agent')!);
    await look();
    expect(agent('echo-agent')).toBeDefined();
    expect(discovery.readings).toHaveLength(1);
  });

  it('takes back what it had given an Agent and gives no more', async () => {
    const endpoint = { url: ADDRESS, binding: 'JSONRPC', version: '1.0' };
    discovery.answer = async () => ({ ...ONE, agents: [{ ...ECHO, pushes: true, endpoint }] });
    put('mock', {}, { 'ark.mckinsey.com/owner': 'me' });
    await look();
    expect(Object.keys(agent('echo-agent')?.metadata.annotations ?? {})).toHaveLength(7);
    discovery.answer = async () => ONE;
    put();
    later(11);
    await look();
    expect(Object.keys(agent('echo-agent')?.metadata.annotations ?? {})).toHaveLength(4);
  });

  it("leaves an Agent of its card's name to whoever made it", async () => {
    context.put(stranger);
    await look();
    expect(agent('echo-agent')?.spec).toEqual({ prompt: 'mine' });
    expect(agent('mock-echo-agent')).toBeDefined();
    expect(status()?.conditions?.[0]).toMatchObject({ status: 'True' });
  });

  it('leaves an Agent to whoever made it also before the cache shows it', async () => {
    context.put(stranger);
    context.unseen.add('echo-agent');
    await look();
    expect(status()?.conditions?.[0]).toMatchObject({ reason: 'AgentCreationFailed' });
    context.unseen.clear();
    await look();
    expect(agent('echo-agent')?.spec).toEqual({ prompt: 'mine' });
    expect(agent('mock-echo-agent')).toBeDefined();
  });

  it('that never puts its name in front says whose Agent has the name, and overwrites none', async () => {
    await look();
    context.put({ ...stranger, metadata: { namespace: 'n', name: 'other' } });
    put('mock', { agentNamePrefix: 'never' });
    discovery.answer = async () => ({ ...ONE, agents: [{ ...ECHO, name: 'Other' }] });
    later(11);
    await look();
    expect(status()?.conditions?.[0]).toMatchObject({
      status: 'False',
      reason: 'AgentCreationFailed',
      message:
        "Agent 'n/other' exists, which somebody wrote, and the card wants its name; " +
        'delete it, or set spec.agentNamePrefix of this A2AServer to onConflict',
    });
    expect(context.events).toMatchObject([{ type: 'Warning', reason: 'AgentCreationFailed' }]);
    // What it had stays until there is something in its place.
    expect(agents().map(({ metadata, spec }) => [metadata.name, spec?.prompt])).toEqual([
      ['echo-agent', 'You are Echo Agent. Echoes'],
      ['other', 'mine'],
    ]);
    await context.delete(agent('other')!);
    later(11);
    await look();
    expect(agents().map(({ metadata }) => metadata.name)).toEqual(['other']);
    expect(status()?.conditions?.[0]).toMatchObject({ status: 'True', reason: 'AgentDiscovered' });
  });

  it('that never puts its name in front leaves the name to a server that had it first, also at the same moment', async () => {
    put('mock', { agentNamePrefix: 'never' });
    put('second', { agentNamePrefix: 'never' });
    await Promise.all([look('mock'), look('second')]);
    expect(agents().map(({ metadata }) => metadata.labels)).toEqual([{ 'a2a/server': 'mock' }]);
    expect(status('second')?.conditions?.[0]?.message).toMatch(/^Agent 'n\/echo-agent' exists, .*A2AServer/);
    later(11);
    await look('second');
    expect(status('second')?.conditions?.[0]?.message).toBe(
      "Agent 'n/echo-agent' exists, made for A2AServer 'mock', and the card wants its name; " +
        'set spec.agentNamePrefix of this A2AServer to onConflict',
    );
  });

  it.each<[AgentNamePrefix | undefined, AgentNamePrefix, string]>([
    ['always', 'never', 'mock-echo-agent'],
    ['never', 'always', 'echo-agent'],
    ['onConflict', 'always', 'echo-agent'],
    [undefined, 'always', 'mock-echo-agent'],
    [undefined, 'never', 'echo-agent'],
  ])('with the prefix %s in a runtime that says %s has the Agent %s', async (own, runtimes, name) => {
    started(runtimes);
    put('mock', { agentNamePrefix: own });
    await look();
    expect(agents().map(({ metadata }) => metadata.name)).toEqual([name]);
  });

  it('renames its Agent when the rule for names changes, and never takes that of somebody else', async () => {
    const names = () =>
      agents().map(({ metadata, spec }) => [metadata.name, spec?.prompt === 'mine' ? 'foreign' : 'own']);
    const follow = async (agentNamePrefix: AgentNamePrefix) => {
      put('mock', { agentNamePrefix });
      later(11);
      await look();
    };
    await look();
    await follow('always');
    expect(names()).toEqual([['mock-echo-agent', 'own']]);
    await follow('onConflict');
    expect(names()).toEqual([['echo-agent', 'own']]);
    await follow('always');
    context.put(stranger);
    for (const rule of ['onConflict', 'never'] as const) {
      await follow(rule);
      expect(Object.fromEntries(names())).toEqual({ 'mock-echo-agent': 'own', 'echo-agent': 'foreign' });
    }
    await follow('onConflict');
    await context.delete(agent('echo-agent')!);
    later(11);
    await look();
    // A name that others may use by now is kept.
    expect(names()).toEqual([['mock-echo-agent', 'own']]);
    await follow('never');
    expect(names()).toEqual([['echo-agent', 'own']]);
  });

  it('that shows the same card as another one gets an Agent of its own, also at the same moment', async () => {
    put('second');
    await Promise.all([look('mock'), look('second')]);
    expect(agents().map(({ metadata }) => metadata.name)).toEqual(['echo-agent', 'second-echo-agent']);
    await context.delete(agent('echo-agent')!);
    await look('mock');
    later(11);
    await Promise.all([look('mock'), look('second')]);
    expect(
      agents()
        .map(({ metadata }) => metadata.labels?.['a2a/server'])
        .sort(),
    ).toEqual(['mock', 'second']);
  });

  it('with a list of cards becomes as many Agents, whose names begin with its own', async () => {
    const named = (name: string) => ({ ...ECHO, name, address: `http://mock:8080/${name}` });
    discovery.answer = async () => ({ ...ONE, listed: true, agents: [named('one'), named('Two'), named('two')] });
    put('mock', { agentNamePrefix: 'never' });
    await look();
    const names = agents().map(({ metadata }) => metadata.name);
    expect(names).toEqual(['mock-one', 'mock-two', expect.stringMatching(/^mock-two-[0-9a-f]{8}$/)]);
    expect(status()?.conditions?.[0]?.message).toBe('Successfully discovered 3 agents');
  });

  it('keeps the Agents whose cards could not be read, and takes those back that are not listed any more', async () => {
    const named = (...names: string[]) => names.map((name) => ({ ...ECHO, name }));
    const names = () => agents().map(({ metadata }) => metadata.name);
    discovery.answer = async () => ({ ...ONE, listed: true, agents: named('one', 'two') });
    await look();
    discovery.answer = async () => ({ ...ONE, listed: true, agents: named('one'), partial: true });
    later(11);
    await look();
    expect(names()).toEqual(['mock-one', 'mock-two']);
    discovery.answer = async () => ({ ...ONE, listed: true, agents: named('one') });
    later(11);
    await look();
    expect(names()).toEqual(['mock-one']);
  });

  it('that is away keeps its Agents, says why once, and is tried again soon', async () => {
    await look();
    let port = 1;
    discovery.answer = async () => {
      throw unavailable(`HTTP status 503 (request id: req_00000${port++})`);
    };
    later(11);
    const next = await look();
    expect(next.afterMs).toBeLessThan(5_000);
    later(3);
    await look();
    expect(agents()).toHaveLength(1);
    expect(status()?.conditions).toMatchObject([
      { type: 'Ready', status: 'False', reason: 'DiscoveryFailed', message: expect.stringContaining('503') },
      { type: 'Discovering', status: 'False', reason: 'DiscoveryFailed' },
    ]);
    expect(context.events).toMatchObject([{ type: 'Warning', reason: 'AgentDiscoveryFailed' }]);
    expect(discovery.readings).toHaveLength(3);
  });

  it('that another process looks after is left alone', async () => {
    mine = false;
    await reconcile();
    expect(discovery.readings).toEqual([]);
    expect(context.writes).toEqual([]);
    mine = true;
    await look();
    expect(agents()).toHaveLength(1);
  });

  it('that hangs holds no worker, and its status says where it is asked', async () => {
    discovery.answer = () => new Promise(() => undefined);
    for (const _pass of [1, 2]) expect((await reconcile()).afterMs).toBeUndefined();
    expect(discovery.readings).toHaveLength(1);
    expect(status()).toMatchObject({ lastResolvedAddress: ADDRESS, conditions: [{}, { reason: 'DiscoveringAgents' }] });
  });

  it('is found through a Service, by the name of a port or its number, and asked with headers from a Secret', async () => {
    context.put<Service>({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'n', name: 'svc' },
      spec: { ports: [{ name: 'http', port: 8080 }] },
    });
    context.put<Secret>({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'n', name: 'keys' },
      data: { token: Buffer.from('Bearer t').toString('base64') },
    });
    const headers = [{ name: 'Authorization', value: { valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } } }];
    for (const port of ['http', '8080', 8080]) {
      put('mock', { address: { valueFrom: { serviceRef: { name: 'svc', port, path: '/a2a' } } }, headers });
      await look();
      expect(status()?.lastResolvedAddress).toBe('http://svc.n.svc.cluster.local:8080/a2a');
    }
    expect(discovery.readings[0]?.headers).toEqual({ Authorization: 'Bearer t' });
    const follows = reconcilers.markOf(A2aServerDiscoveryReconciler)?.options.follows ?? [];
    const read = follows.flatMap(({ references }) =>
      references(context.get(A2AServer, { namespace: 'n', name: 'mock' })!),
    );
    expect(read).toEqual([
      { namespace: 'n', name: 'keys' },
      { namespace: 'n', name: 'svc' },
    ]);
  });

  it.each<[A2AServerSpec['address'], string]>([
    [{ valueFrom: { serviceRef: { name: 'gone' } } }, 'service n/gone does not exist'],
    [{ valueFrom: { configMapKeyRef: { name: 'gone', key: 'k' } } }, 'config map n/gone does not exist'],
    [{ value: 'ftp://files' }, 'spec.address is no URL of http or https'],
  ])('whose address is %j says why it has none', async (address, message) => {
    put('mock', { address });
    await look();
    expect(status()?.conditions).toMatchObject([
      { status: 'False', reason: 'AddressResolutionFailed', message: expect.stringContaining(message) },
      { status: 'False', reason: 'AddressResolutionFailed' },
    ]);
    expect(context.events).toMatchObject([{ type: 'Warning', reason: 'AddressResolutionFailed' }]);
  });

  it('names the header that it lacks', async () => {
    const value = { valueFrom: { secretKeyRef: { name: 'gone', key: 'k' } } };
    put('mock', { headers: [{ name: 'X-Key', value }] });
    await look();
    expect(status()?.conditions?.[0]).toMatchObject({
      reason: 'DiscoveryFailed',
      message: expect.stringContaining('header "X-Key": secret n/gone does not exist'),
    });
  });
});
