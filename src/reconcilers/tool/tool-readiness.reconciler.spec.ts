import { beforeEach, describe, expect, it } from '@jest/globals';
import { type InstalledToolType, type KubeObject, reconcilers, type ToolTypes } from '../../kit/index.js';
import { Tool, type ToolSpec } from '../../resources/tool/tool.resource.js';
import { FakeContext } from '../fake-context.js';
import { ToolReadinessReconciler } from './tool-readiness.reconciler.js';

const KEY = { namespace: 'n', name: 't' };
const TYPES = ['agent', 'http', 'mcp', 'team'];
const READY = { state: 'Ready', message: 'Tool configuration is valid' };
const MCP: ToolSpec = { type: 'mcp', mcp: { mcpServerRef: { name: 'files' }, toolName: 'read' } };
const value = { valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } };
const http = (rest: object): ToolSpec => ({ type: 'http', http: { url: 'http://x', ...rest } });
const object = (kind: string, name: string, rest: object = {}, namespace = 'n') =>
  ({ apiVersion: 'v1', kind, metadata: { name, namespace }, ...rest }) as KubeObject;
const server = (status: string, reason: string) => {
  const condition = { type: 'Available', status, reason, message: 'm', lastTransitionTime: 't' };
  return object('MCPServer', 'files', { status: { conditions: [condition] } });
};

describe('a tool', () => {
  let context: FakeContext;
  let mine: boolean;
  const types: ToolTypes = {
    get: (name) => (TYPES.includes(name) ? ({} as InstalledToolType) : undefined),
    names: () => TYPES,
  };
  const tool = (spec: ToolSpec): Tool => {
    return { apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'Tool', metadata: KEY, spec };
  };
  const look = async (spec: ToolSpec) => {
    context.put<Tool>({ ...context.get(Tool, KEY), ...tool(spec) });
    await new ToolReadinessReconciler(types, { isMine: () => mine }).reconcile(context.get(Tool, KEY)!, context);
    return context.get(Tool, KEY)?.status;
  };
  beforeEach(() => {
    context = new FakeContext();
    mine = true;
  });

  it.each<[string, ToolSpec, KubeObject[]]>([
    ['an address', http({}), []],
    [
      'a key that is there',
      http({ headers: [{ name: 'A', value }] }),
      [object('Secret', 'keys', { data: { token: '' } })],
    ],
    [
      'a header that waits for a Query',
      http({ headers: [{ name: 'A', value: { valueFrom: { queryParameterRef: { name: 'x' } } } }] }),
      [],
    ],
    ['an agent', { type: 'agent', agent: { name: 'a' } }, [object('Agent', 'a')]],
    ['a team', { type: 'team', team: { name: 'a' } }, [object('Team', 'a')]],
    ['a server that answers', MCP, [server('True', 'ToolsDiscovered')]],
    ['a server that nobody has asked yet', MCP, [object('MCPServer', 'files')]],
    ['a server of which another tool cannot be written', MCP, [server('False', 'ToolCreationFailed')]],
    [
      'a server elsewhere',
      { type: 'mcp', mcp: { mcpServerRef: { name: 'files', namespace: 'other' }, toolName: 'read' } },
      [object('MCPServer', 'files', {}, 'other')],
    ],
  ])('with %s is ready', async (_case, spec, others) => {
    for (const other of others) context.put(other);
    expect(await look(spec)).toEqual(READY);
    expect(context.events).toEqual([]);
  });

  it.each<[string, ToolSpec, string, string]>([
    [
      'of a type nobody installed',
      { type: 'shell' },
      "no tool type 'shell' is installed; installed: agent, http, mcp, team",
      'ToolTypeNotInstalled',
    ],
    [
      'of a server that is missing',
      MCP,
      "MCPServer 'n/files' does not exist; create it, or change spec.mcp.mcpServerRef",
      'DependencyUnavailable',
    ],
    [
      'for an agent that is missing',
      { type: 'agent', agent: { name: 'a' } },
      "Agent 'n/a' does not exist; create it, or change spec.agent.name",
      'DependencyUnavailable',
    ],
    [
      'for a team that is missing',
      { type: 'team', team: { name: 'a' } },
      "Team 'n/a' does not exist; create it, or change spec.team.name",
      'DependencyUnavailable',
    ],
    [
      'without the Secret of a header',
      http({ headers: [{ name: 'A', value }] }),
      'spec.http.headers: header "A": secret n/keys does not exist; create it',
      'DependencyUnavailable',
    ],
    [
      'without the Secret of a parameter of its body',
      http({ bodyParameters: [{ name: 'p', ...value }] }),
      'spec.http.bodyParameters: parameter "p": secret n/keys does not exist; create it',
      'DependencyUnavailable',
    ],
  ])('%s says what to do', async (_case, spec, message, reason) => {
    expect(await look(spec)).toEqual({ state: 'Error', message });
    await look(spec);
    expect(context.events).toMatchObject([{ type: 'Warning', reason, message }]);
    expect(context.writes).toHaveLength(1);
  });

  it('of a server that went away is stale, without an Event of its own, until the server is back', async () => {
    context.put(server('False', 'ClientCreationFailed'));
    expect(await look(MCP)).toEqual({
      state: 'Stale',
      message: "MCPServer 'n/files' is not available (ClientCreationFailed); the tool is as the server last listed it",
    });
    expect(context.events).toEqual([]);
    context.put(server('True', 'ToolsDiscovered'));
    expect(await look(MCP)).toEqual(READY);
  });

  it('is woken by what it needs', () => {
    const follows = reconcilers.markOf(ToolReadinessReconciler)?.options.follows ?? [];
    const woken = (spec: ToolSpec) =>
      follows.flatMap(({ kind, references }) =>
        references(tool(spec)).map(({ namespace, name }) => `${kind.name} ${namespace}/${name}`),
      );
    expect(woken(MCP)).toEqual(['MCPServer n/files']);
    expect(woken({ type: 'agent', agent: { name: 'a' } })).toEqual(['Agent n/a']);
    expect(woken({ type: 'team', team: { name: 'a' } })).toEqual(['Team n/a']);
    expect(woken(http({ headers: [{ name: 'A', value }] }))).toEqual(['Secret n/keys']);
    expect(woken(http({ bodyParameters: [{ name: 'p', ...value }] }))).toEqual(['Secret n/keys']);
  });

  it('is left to the process whose duty it is', async () => {
    mine = false;
    expect(await look({ type: 'shell' })).toBeUndefined();
    expect([context.writes, context.events]).toEqual([[], []]);
  });
});
