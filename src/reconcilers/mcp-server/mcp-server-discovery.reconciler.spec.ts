import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { type McpServerConfig, type McpTool, unavailable } from '../../kit/index.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { MCPServer, type MCPServerSpec } from '../../resources/mcp-server/mcp-server.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { FakeContext } from '../fake-context.js';
import { type AuthorizationFacts, type FoundTools, McpDiscovery, type McpReading } from './mcp-discovery.js';
import { McpServerDiscoveryReconciler } from './mcp-server-discovery.reconciler.js';

const KEY = { namespace: 'n', name: 'files' };
const SPEC: MCPServerSpec = {
  address: { value: 'http://mcp.example.com/mcp' },
  pollInterval: '10s',
  headers: [{ name: 'X-Key', value: { valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } } }],
};
const tool = (name: string): McpTool => ({
  name,
  description: `does ${name}`,
  inputSchema: { type: 'object' },
  hints: {},
});
const REFUSED = () =>
  unavailable('refused', { details: { status: 401, wwwAuthenticate: 'Bearer resource_metadata="https://x"' } });

/** Answers as the test says and keeps what it was asked. */
class ScriptedDiscovery extends McpDiscovery {
  readonly asked: McpServerConfig[] = [];
  readonly forgotten: string[] = [];
  onChange?: () => void;
  answer: () => McpTool[] = () => [tool('read_file'), tool('List')];
  facts: () => AuthorizationFacts = () => ({ resource: 'http://mcp.example.com', resourceMetadataURL: 'https://x' });

  async read({ server, onChange }: McpReading): Promise<FoundTools> {
    this.asked.push(server);
    this.onChange = onChange;
    return { url: server.url, tools: this.answer() };
  }

  forget(id: string): void {
    this.forgotten.push(id);
  }

  async authorization(): Promise<AuthorizationFacts> {
    return this.facts();
  }
}

describe('an MCP server', () => {
  let context: FakeContext;
  let discovery: ScriptedDiscovery;
  let reconciler: McpServerDiscoveryReconciler;
  let mine: boolean;
  const put = (spec: MCPServerSpec = SPEC, generation = 1) =>
    context.put<MCPServer>({
      ...context.get(MCPServer, KEY),
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'MCPServer',
      metadata: { ...KEY, uid: 'u', generation, annotations: { 'ark.mckinsey.com/icon': 'disk', other: 'x' } },
      spec,
    });
  const secret = (name: string, data: Record<string, string>) =>
    context.put<Secret>({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'n', name },
      data: Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
      ),
    });
  const reconcile = () => reconciler.reconcile(context.get(MCPServer, KEY)!, context);
  /** As the machinery does: again when an answer has come. */
  const look = async () => {
    const woken = context.woken.length;
    const next = await reconcile();
    if (next.afterMs !== undefined) return next;
    await eventually(() => context.woken.length > woken);
    return reconcile();
  };
  const lookLater = (seconds = 12) => {
    context.time = new Date(context.time.getTime() + seconds * 1_000);
    return look();
  };
  const status = () => context.get(MCPServer, KEY)?.status;
  const conditions = () =>
    Object.fromEntries((status()?.conditions ?? []).map((each) => [each.type, `${each.status} ${each.reason}`]));
  const tools = () =>
    context
      .list(Tool)
      .map(({ metadata }) => metadata.name)
      .sort();
  beforeEach(() => {
    context = new FakeContext();
    mine = true;
    discovery = new ScriptedDiscovery();
    reconciler = new McpServerDiscoveryReconciler(discovery, { isMine: () => mine });
    secret('keys', { token: 'k-1' });
    put();
  });

  it('becomes Tools that carry its name, its annotations and their original names', async () => {
    await look();
    expect(tools()).toEqual(['files-list', 'files-read-file']);
    expect(context.get(Tool, { namespace: 'n', name: 'files-read-file' })).toMatchObject({
      metadata: {
        labels: { 'mcp/server': 'files' },
        annotations: { 'ark.mckinsey.com/icon': 'disk' },
        ownerReferences: [{ kind: 'MCPServer', name: 'files', uid: 'u', controller: true, blockOwnerDeletion: true }],
      },
      spec: {
        type: 'mcp',
        description: 'does read_file',
        inputSchema: { type: 'object' },
        mcp: { mcpServerRef: { name: 'files', namespace: 'n' }, toolName: 'read_file' },
      },
    });
    expect(status()).toMatchObject({ resolvedAddress: 'http://mcp.example.com/mcp', toolCount: 2 });
    expect(conditions()).toEqual({
      Available: 'True ToolsDiscovered',
      Ready: 'True ToolsDiscovered',
      Discovering: 'False DiscoveryComplete',
    });
    expect(context.writes).toHaveLength(2);
    expect(context.writes[0]).toMatchObject({ conditions: [{ reason: 'Initializing' }, {}, { reason: 'Starting' }] });
  });

  it('is asked again after its interval and when its keys change, and not in between', async () => {
    await look();
    await look();
    expect(discovery.asked).toHaveLength(1);
    secret('keys', { token: 'k-2' });
    await look();
    expect(discovery.asked.map(({ headers }) => headers['X-Key'])).toEqual(['k-1', 'k-2']);
    await lookLater();
    expect(discovery.asked).toHaveLength(3);
    expect(context.writes).toHaveLength(2);
  });

  it('that says its tools have changed is asked soon, but not all the time', async () => {
    await look();
    discovery.onChange?.();
    expect(context.woken).toEqual(['n/files', 'n/files']);
    await look();
    expect(discovery.asked).toHaveLength(1);
    discovery.answer = () => [tool('List')];
    await lookLater(2);
    expect(tools()).toEqual(['files-list']);
    expect(status()).toMatchObject({ toolCount: 1 });
  });

  it('that goes away keeps its Tools; only the condition says so, once', async () => {
    await look();
    discovery.answer = () => {
      throw unavailable('nobody answers');
    };
    await lookLater();
    await lookLater();
    expect(tools()).toHaveLength(2);
    expect(status()).toMatchObject({ toolCount: 2 });
    expect(conditions()).toMatchObject({
      Available: 'False ClientCreationFailed',
      Ready: 'False ClientCreationFailed',
    });
    expect(context.events).toEqual([
      { object: 'files', type: 'Warning', reason: 'ClientCreationFailed', message: 'nobody answers' },
    ]);
    expect(context.writes).toHaveLength(3);
  });

  it('that does not list its tools is told apart from one that cannot be reached', async () => {
    discovery.answer = () => {
      throw unavailable('no list', { reason: 'ToolListingFailed' });
    };
    await look();
    expect(conditions()).toEqual({
      Available: 'False ToolListingFailed',
      Ready: 'False ToolListingFailed',
      Discovering: 'True ServerConnectedAndToolListingFailed',
    });
  });

  it('without a usable address or header says which', async () => {
    put({ address: { valueFrom: { serviceRef: { name: 'gone' } } } });
    await look();
    expect(conditions()).toMatchObject({ Available: 'False AddressResolutionFailed' });
    put({ ...SPEC, headers: [{ name: 'X', value: { valueFrom: { secretKeyRef: { name: 'no', key: 'k' } } } }] });
    await look();
    expect(status()?.conditions?.[0]).toMatchObject({
      reason: 'ClientCreationFailed',
      message: expect.stringMatching(/"X"/),
    });
    expect(discovery.asked).toEqual([]);
  });

  it('does not take the Tool of somebody else, and says so without losing its own', async () => {
    const spec = { type: 'http' };
    const apiVersion = 'ark.mckinsey.com/v1alpha1';
    context.put<Tool>({ apiVersion, kind: 'Tool', metadata: { namespace: 'n', name: 'files-list' }, spec });
    await look();
    expect(context.get(Tool, { namespace: 'n', name: 'files-list' })?.spec).toEqual(spec);
    expect(tools()).toContain('files-read-file');
    expect(status()?.conditions?.[0]).toMatchObject({
      reason: 'ToolCreationFailed',
      message: expect.stringContaining("'files-list'"),
    });
  });

  it('gets a Tool back that somebody deleted, without being asked', async () => {
    await look();
    await context.delete(context.get(Tool, { namespace: 'n', name: 'files-list' })!);
    await look();
    expect(tools()).toHaveLength(2);
    expect(discovery.asked).toHaveLength(1);
  });

  it('tells tools apart whose names become the same', async () => {
    discovery.answer = () => [tool('a-b'), tool('a_b'), tool('Ünï/cödé')];
    await look();
    expect(tools()).toEqual(['files--n--c-d', 'files-a-b', expect.stringMatching(/^files-a-b-[0-9a-f]{8}$/)]);
  });

  it('that wants authorization says where to get it, and keeps what it knows when that cannot be found again', async () => {
    await look();
    discovery.answer = () => {
      throw REFUSED();
    };
    await lookLater();
    const first = status()?.authorization;
    expect(first).toMatchObject({
      state: 'Required',
      resourceMetadataURL: 'https://x',
      lastDiscovered: expect.any(String),
    });
    await lookLater();
    expect(status()?.authorization).toEqual(first);
    discovery.facts = () => {
      throw unavailable('metadata is gone');
    };
    await lookLater();
    expect(status()?.authorization).toMatchObject({ state: 'DiscoveryFailed', resourceMetadataURL: 'https://x' });
    expect(tools()).toHaveLength(2);
  });

  it('is called with its token, trimmed, and says whose token was refused', async () => {
    secret('oauth', { access_token: 't-1\n', expires_at: '2027-01-01T00:00:00Z' });
    put({ address: SPEC.address, pollInterval: '10s', authorization: { tokenSecretRef: { name: 'oauth' } } });
    await look();
    expect(discovery.asked[0]?.headers).toEqual({ Authorization: 'Bearer t-1' });
    expect(conditions()).toMatchObject({ Available: 'True Authorized' });
    expect(status()?.authorization).toMatchObject({ state: 'Authorized', expiresAt: '2027-01-01T00:00:00Z' });
    discovery.answer = () => {
      throw REFUSED();
    };
    await lookLater();
    expect(context.events.map(({ reason }) => reason)).toEqual(['TokenRejected']);
    expect(status()?.authorization).toMatchObject({ state: 'Required', expiresAt: '2027-01-01T00:00:00Z' });
  });

  it('whose token is missing is told so once', async () => {
    put({ address: SPEC.address, pollInterval: '10s', authorization: { tokenSecretRef: { name: 'oauth' } } });
    await look();
    await lookLater();
    expect(context.events.map(({ reason }) => reason)).toEqual(['AuthorizationSecretUnresolvable']);
  });

  it('is left to the process whose duty it is, its session included', async () => {
    mine = false;
    expect((await look()).afterMs).toBeGreaterThan(0);
    expect(discovery.asked).toEqual([]);
    expect(discovery.forgotten).toEqual(['u']);
    expect(context.writes).toEqual([]);
  });

  it('that is gone is forgotten', () => {
    reconciler.forget(KEY, 'u');
    expect(discovery.forgotten).toEqual(['u']);
  });
});
