import { beforeEach, describe, expect, it } from '@jest/globals';
import { type KubeObject, type OwnerReference, reconcilers } from '../../kit/index.js';
import { Agent, type AgentSpec } from '../../resources/agent/agent.resource.js';
import { FakeContext } from '../fake-context.js';
import { AgentAvailabilityReconciler } from './agent-availability.reconciler.js';

const object = (kind: string, name: string, rest: object = {}, namespace = 'n') => {
  const version = kind === 'A2AServer' || kind === 'ExecutionEngine' ? 'v1prealpha1' : 'v1alpha1';
  return { apiVersion: `ark.mckinsey.com/${version}`, kind, metadata: { name, namespace }, ...rest } as KubeObject;
};
const withStatus = (type: string, status: 'True' | 'False', message = '') => ({
  status: { conditions: [{ type, status, reason: 'R', message, lastTransitionTime: 't' }] },
});
const model = (name: string, namespace = 'n') => object('Model', name, withStatus('ModelAvailable', 'True'), namespace);

describe('an agent', () => {
  let context: FakeContext;
  const installed = { get: (name: string) => (name === 'echo' ? {} : undefined), names: () => ['echo'] };
  const reconciler = new AgentAvailabilityReconciler(installed as never, { isMine: (uid) => uid !== 'theirs' });
  const agent = (spec: AgentSpec, metadata: object = {}) =>
    context.put({
      ...object('Agent', 'a'),
      metadata: { name: 'a', namespace: 'n', generation: 1, ...metadata },
      spec,
    } as Agent);
  const conditions = () => context.get(Agent, { namespace: 'n', name: 'a' })?.status?.conditions;
  const look = async () => {
    await reconciler.reconcile(context.get(Agent, { namespace: 'n', name: 'a' })!, context);
    return conditions()?.[0];
  };
  beforeEach(() => {
    context = new FakeContext();
  });

  it('is available when everything it names is', async () => {
    context.put(model('m'));
    context.put(object('Tool', 'search', { spec: { type: 'http' } }));
    agent({
      modelRef: { name: 'm' },
      tools: [
        { type: 'http', name: 'search' },
        { type: 'built-in', name: 'noop' },
      ],
    });
    expect(await look()).toEqual({
      type: 'Available',
      status: 'True',
      reason: 'Available',
      message: 'All dependencies are available',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      observedGeneration: 1,
    });
    expect(conditions()).toHaveLength(1);
    expect(context.events).toEqual([]);
  });

  it.each<[string, AgentSpec, KubeObject[], string, RegExp]>([
    [
      'its model is missing',
      { modelRef: { name: 'm' } },
      [],
      'ModelNotFound',
      /Model 'n\/m' does not exist; create it, or change spec\.modelRef$/,
    ],
    [
      'its model is not known to answer',
      { modelRef: { name: 'm' } },
      [object('Model', 'm')],
      'ModelNotFound',
      /Model 'n\/m' is not available: nobody has asked it yet$/,
    ],
    [
      'its model does not answer',
      { modelRef: { name: 'm' } },
      [object('Model', 'm', withStatus('ModelAvailable', 'False', 'no key'))],
      'ModelNotFound',
      /Model 'n\/m' is not available: no key/,
    ],
    [
      'it names nothing at all',
      {},
      [],
      'ModelNotConfigured',
      /neither a model nor an execution engine, and Model 'n\/default' does not exist; create it, or write spec\.modelRef/,
    ],
    [
      'its engine is missing',
      { executionEngine: { name: 'langchain' } },
      [],
      'ExecutionEngineNotFound',
      /no engine 'langchain' is installed; installed: echo/,
    ],
    [
      'its engine has no address',
      { executionEngine: { name: 'langchain' } },
      [object('ExecutionEngine', 'langchain', { status: { phase: 'error', message: 'no secret' } })],
      'ExecutionEngineNotReady',
      /is not ready: no secret/,
    ],
    [
      'a tool is missing',
      { modelRef: { name: 'm' }, tools: [{ type: 'mcp', name: 'search', partial: { name: 'find' } }] },
      [model('m')],
      'ToolNotFound',
      /Tool 'find' or 'search' does not exist in namespace n; create it, or change spec\.tools$/,
    ],
    [
      'a tool has another type',
      { modelRef: { name: 'm' }, tools: [{ type: 'mcp', name: 'search' }] },
      [model('m'), object('Tool', 'search', { spec: { type: 'http' } })],
      'ToolNotFound',
      /Tool 'search' has type http; write that type in spec\.tools, where it is mcp$/,
    ],
  ])('is not available when %s', async (_case, spec, others, reason, message) => {
    for (const other of others) context.put(other);
    agent(spec);
    expect(await look()).toMatchObject({ status: 'False', reason, message: expect.stringMatching(message) });
    expect(context.events).toMatchObject([{ type: 'Warning', reason: 'DependencyUnavailable' }]);
  });

  it.each<[string, AgentSpec, KubeObject[]]>([
    ['an engine of this process', { executionEngine: { name: 'echo' } }, []],
    [
      'an engine, with a default model that an old server wrote in',
      { executionEngine: { name: 'echo' }, modelRef: { name: 'default' } },
      [],
    ],
    ['a model elsewhere', { modelRef: { name: 'm', namespace: 'other' } }, [model('m', 'other')]],
    ['the default model of its namespace', {}, [model('default')]],
    [
      'a tool of a type nobody declared',
      { modelRef: { name: 'm' }, tools: [{ type: 'custom', name: 'search' }] },
      [model('m'), object('Tool', 'search', { spec: { type: 'http' } })],
    ],
  ])('is available with %s', async (_case, spec, others) => {
    for (const other of others) context.put(other);
    agent(spec);
    expect(await look()).toMatchObject({ status: 'True' });
  });

  const hosted = () => {
    const apiVersion = 'ark.mckinsey.com/v1prealpha1';
    const ownerReferences: OwnerReference[] = [{ apiVersion, kind: 'A2AServer', name: 's', uid: 'u' }];
    const annotations = { 'ark.mckinsey.com/a2a-server-name': 's' };
    return agent({ executionEngine: { name: 'a2a' } }, { ownerReferences, annotations });
  };
  const later = (seconds: number) => {
    context.time = new Date(context.time.getTime() + seconds * 1000);
  };

  it('that was just found on an A2A server is not called unavailable before the server has said that it is ready', async () => {
    context.put(object('A2AServer', 's', withStatus('Ready', 'False', 'asked for its agents')));
    const found = hosted();
    expect(await reconciler.reconcile(found, context)).toEqual({ afterMs: 5_000 });
    expect(await look()).toMatchObject({ status: 'Unknown', reason: 'Initializing' });
    context.put(object('A2AServer', 's', withStatus('Ready', 'True')));
    expect(await look()).toMatchObject({ status: 'True' });
    expect(context.events).toEqual([]);
    context.put(object('A2AServer', 's', withStatus('Ready', 'False', 'refused')));
    expect(await look()).toMatchObject({ status: 'False', reason: 'A2AServerNotReady' });
    expect(context.events).toHaveLength(1);
  });

  it('of an A2A server depends on that server, and on it first', async () => {
    hosted();
    await look();
    later(5);
    expect(await look()).toMatchObject({
      status: 'False',
      reason: 'A2AServerNotReady',
      message: "A2AServer 's' does not exist; create it, or delete the agent",
    });
    context.put(object('A2AServer', 's', withStatus('Ready', 'False', 'refused')));
    expect(await look()).toMatchObject({ message: "A2AServer 's' is not ready: refused" });
    context.put(object('A2AServer', 's', withStatus('Ready', 'True')));
    expect(await look()).toMatchObject({ status: 'True' });
  });

  it('tells a new cause under the same reason, without another Event', async () => {
    agent({ modelRef: { name: 'm' } });
    await look();
    context.put({ ...context.get(Agent, { namespace: 'n', name: 'a' })!, spec: { modelRef: { name: 'other' } } });
    expect(await look()).toMatchObject({
      reason: 'ModelNotFound',
      message: expect.stringContaining("Model 'n/other' does not exist"),
    });
    expect(context.events).toHaveLength(1);
  });

  it('whose tools do not all work is available, and says which does not', async () => {
    const search = (status: object) => object('Tool', 'search', { spec: { type: 'mcp' }, status });
    context.put(search({ state: 'Stale', message: 'the server is away' }));
    context.put(object('Tool', 'find', { spec: { type: 'http' }, status: { state: 'Error', message: 'no key' } }));
    agent({
      executionEngine: { name: 'echo' },
      tools: [
        { type: 'mcp', name: 'search' },
        { type: 'http', name: 'find' },
      ],
    });
    expect(await look()).toMatchObject({
      status: 'True',
      reason: 'Available',
      message: "Available, with faults: Tool 'search': the server is away; Tool 'find': no key",
    });
    expect(context.events).toEqual([]);
    context.put(search({ state: 'Ready', message: 'fine' }));
    context.put(object('Tool', 'find', { spec: { type: 'http' }, status: { state: 'Ready' } }));
    expect(await look()).toMatchObject({ message: 'All dependencies are available' });
  });

  it('that pins a parameter which the tool does not have is told so', async () => {
    const inputSchema = { type: 'object', properties: { path: {}, depth: {} } };
    context.put(object('Tool', 'search', { spec: { type: 'http', inputSchema } }));
    const pinning = (name: string): AgentSpec => ({
      executionEngine: { name: 'echo' },
      tools: [{ type: 'http', name: 'search', partial: { parameters: [{ name, value: 'x' }] } }],
    });
    agent(pinning('pth'));
    expect(await look()).toMatchObject({
      status: 'True',
      message: expect.stringContaining("Tool 'search': it has no parameter 'pth' to pin; it has: path, depth"),
    });
    agent(pinning('path'));
    expect(await look()).toMatchObject({ message: 'All dependencies are available' });
  });

  it.each<[string, AgentSpec, RegExp]>([
    [
      'names a parameter that it does not have',
      { prompt: 'Hello {{.nmae}}', parameters: [{ name: 'name', value: 'x' }] },
      /: the prompt names {{\.nmae}}, which becomes <no value>: add it to spec\.parameters$/,
    ],
    [
      'names one and has none at all',
      { prompt: 'Hello {{.name}}' },
      /: the prompt names {{\.name}}, which is sent as it is: add it to spec\.parameters$/,
    ],
    [
      'cannot be read',
      { prompt: 'Hello {{.name', parameters: [{ name: 'name', value: 'x' }] },
      /: every Query will fail: template: {{ is never closed/,
    ],
  ])('whose prompt %s is told so', async (_case, spec, message) => {
    agent({ executionEngine: { name: 'echo' }, ...spec });
    expect(await look()).toMatchObject({ status: 'True', message: expect.stringMatching(message) });
  });

  it.each([
    { prompt: 'Hello {{.name}}', parameters: [{ name: 'name', value: 'x' }] },
    { prompt: '{{if .title}}{{.title}}{{end}}', parameters: [{ name: 'name', value: 'x' }] },
    { prompt: 'Braces {{ of another language' },
  ])('has no fault in its prompt: %j', async (spec) => {
    agent({ executionEngine: { name: 'echo' }, ...spec });
    expect(await look()).toMatchObject({ message: 'All dependencies are available' });
  });

  it('is woken by what it names, in other namespaces too, but not by what it does not', () => {
    const follows = reconcilers.markOf(AgentAvailabilityReconciler)?.options.follows ?? [];
    const woken = (spec: AgentSpec) =>
      follows.flatMap(({ kind, references }) =>
        references(agent(spec)).map(({ namespace, name }) => `${kind.name} ${namespace}/${name}`),
      );
    expect(
      woken({
        modelRef: { name: 'm', namespace: 'other' },
        executionEngine: { name: 'e', namespace: 'other' },
        tools: [{ type: 'mcp', name: 'search', partial: { name: 'find' } }],
      }),
    ).toEqual(['Model other/m', 'ExecutionEngine other/e', 'Tool n/find', 'Tool n/search']);
    expect(woken({ executionEngine: { name: 'a2a' }, tools: [{ type: 'built-in', name: 'noop' }] })).toEqual([]);
  });

  it('is not written again when nothing has changed', async () => {
    agent({ modelRef: { name: 'm' } });
    await look();
    await look();
    expect(context.writes).toHaveLength(1);
  });

  it('is left to the process whose duty it is', async () => {
    agent({ modelRef: { name: 'm' } }, { uid: 'theirs' });
    expect(await look()).toBeUndefined();
    expect([context.writes, context.events]).toEqual([[], []]);
  });
});
