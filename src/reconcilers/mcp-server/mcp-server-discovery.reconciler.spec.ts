import { beforeEach, describe, expect, it } from '@jest/globals';
import { denied, invalid, timeout, unavailable } from '../../kit/index.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { KEY, SPEC, tool, WatchedServer } from './watched-server.js';

describe('an MCP server', () => {
  let world: WatchedServer;
  beforeEach(() => {
    world = new WatchedServer();
  });

  it('becomes Tools that carry its name, its annotations and their original names', async () => {
    await world.look();
    expect(world.tools()).toEqual(['files-list', 'files-read-file']);
    expect(world.context.get(Tool, { namespace: 'n', name: 'files-read-file' })).toMatchObject({
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
    expect(world.status()).toMatchObject({ resolvedAddress: 'http://mcp.example.com/mcp', toolCount: 2 });
    expect(world.conditions()).toEqual({
      Available: 'True ToolsDiscovered',
      Ready: 'True ToolsDiscovered',
      Discovering: 'False DiscoveryComplete',
    });
    expect(world.context.writes).toHaveLength(2);
    expect(world.context.writes[0]).toMatchObject({
      conditions: [{ reason: 'Initializing' }, {}, { reason: 'Starting' }],
    });
  });

  it('is asked again after its interval and when its keys change, and not in between', async () => {
    await world.look();
    await world.look();
    expect(world.discovery.asked).toHaveLength(1);
    world.secret('keys', { token: 'k-2' });
    await world.look();
    expect(world.discovery.asked.map(({ headers }) => headers['X-Key'])).toEqual(['k-1', 'k-2']);
    await world.lookLater();
    expect(world.discovery.asked).toHaveLength(3);
    expect(world.context.writes).toHaveLength(2);
  });

  it('that says its tools have changed is asked soon, but not all the time', async () => {
    await world.look();
    world.discovery.onChange?.();
    expect(world.context.woken).toEqual(['n/files', 'n/files']);
    await world.look();
    expect(world.discovery.asked).toHaveLength(1);
    world.discovery.answer = () => [tool('List')];
    await world.lookLater(2);
    expect(world.tools()).toEqual(['files-list']);
    expect(world.status()).toMatchObject({ toolCount: 1 });
  });

  it('that goes away keeps its Tools; only the condition says so, once', async () => {
    await world.look();
    world.discovery.answer = () => {
      throw unavailable('nobody answers');
    };
    await world.lookLater();
    await world.lookLater();
    expect(world.tools()).toHaveLength(2);
    expect(world.status()).toMatchObject({ toolCount: 2 });
    expect(world.conditions()).toMatchObject({
      Available: 'False ClientCreationFailed',
      Ready: 'False ClientCreationFailed',
    });
    const message = 'nobody answers; check spec.address, and that the server runs';
    expect(world.said('Available')).toBe(message);
    expect(world.context.events).toEqual([
      { object: 'files', type: 'Warning', reason: 'ClientCreationFailed', message },
    ]);
    expect(world.context.writes).toHaveLength(3);
  });

  it('says in each condition what that condition is about', async () => {
    await world.reconcile();
    expect([world.said('Available'), world.said('Discovering')]).toEqual([
      'The server has not answered yet',
      'The server is asked for its tools',
    ]);
    await world.look();
    expect([world.said('Available'), world.said('Discovering')]).toEqual([
      '2 tools discovered',
      'The list of tools is complete; it is read again every 10s',
    ]);
    world.discovery.answer = () => {
      throw unavailable('nobody answers');
    };
    await world.lookLater();
    expect(world.said('Discovering')).toBe(
      'Tools cannot be looked for, for the cause that Available gives; tried again within 10s',
    );
    world.discovery.answer = () => {
      throw unavailable('no list', { reason: 'ToolListingFailed' });
    };
    await world.lookLater();
    expect([world.said('Available'), world.said('Discovering')]).toEqual([
      'The server answers, but does not list its tools: no list; look into its log',
      'no list',
    ]);
  });

  it.each<[Error, RegExp]>([
    [denied('it denies access', { details: { status: 403 } }), /; check spec\.headers and the token$/],
    [timeout('it took too long'), /; check that the server runs, or raise spec\.timeout$/],
    [denied('a link-local address'), /; change spec\.address$/],
    [invalid('no URL'), /; change spec\.address$/],
  ])('that cannot be reached has a next step: %s', async (error, message) => {
    world.discovery.answer = () => {
      throw error;
    };
    await world.look();
    expect(world.said('Available')).toMatch(message);
  });

  it('whose refusals differ in what is different each time writes and tells one of them', async () => {
    let calls = 0;
    world.discovery.answer = () => {
      throw unavailable(`overloaded (request id: req_00000${++calls}), retry in ${calls}.5s`);
    };
    await world.look();
    await world.lookLater();
    await world.lookLater();
    expect(calls).toBe(3);
    expect(world.context.writes).toHaveLength(2);
    expect(world.context.events).toHaveLength(1);
  });

  it('leaves conditions of others alone', async () => {
    const foreign = { type: 'Theirs', status: 'True', reason: 'R', message: '', lastTransitionTime: 't' } as const;
    world.context.put<MCPServer>({ ...world.context.get(MCPServer, KEY)!, status: { conditions: [foreign] } });
    await world.look();
    expect(world.context.writes.at(-1)).not.toMatchObject({ conditions: expect.arrayContaining([foreign]) });
  });

  it('whose values are gone holds no session with the old ones', async () => {
    await world.look();
    await world.context.delete(world.context.get(Secret, { namespace: 'n', name: 'keys' })!);
    await world.look();
    expect(world.discovery.forgotten).toEqual(['u']);
    expect(world.conditions()).toMatchObject({ Available: 'False ClientCreationFailed' });
    world.secret('keys', { token: 'k-1' });
    await world.look();
    expect(world.discovery.asked).toHaveLength(2);
    expect(world.conditions()).toMatchObject({ Available: 'True ToolsDiscovered' });
  });

  it('that is found at another address says so at once, and a new expiry of its token too', async () => {
    const oauth = (expiresAt: string) => world.secret('oauth', { access_token: 't', expires_at: expiresAt });
    oauth('2027-01-01T00:00:00Z');
    const spec = { ...SPEC, authorization: { tokenSecretRef: { name: 'oauth' } } };
    world.put(spec);
    await world.look();
    oauth('2028-01-01T00:00:00Z');
    await world.look();
    expect(world.status()?.authorization?.expiresAt).toBe('2028-01-01T00:00:00Z');
    world.put({ ...spec, address: { value: 'http://other.example.com/mcp' } });
    await world.look();
    expect(world.status()?.resolvedAddress).toBe('http://other.example.com/mcp');
  });

  it('that does not list its tools is told apart from one that cannot be reached', async () => {
    world.discovery.answer = () => {
      throw unavailable('no list', { reason: 'ToolListingFailed' });
    };
    await world.look();
    expect(world.conditions()).toEqual({
      Available: 'False ToolListingFailed',
      Ready: 'False ToolListingFailed',
      Discovering: 'True ServerConnectedAndToolListingFailed',
    });
  });

  it('without a usable address or header says which', async () => {
    world.put({ address: { valueFrom: { serviceRef: { name: 'gone' } } } });
    await world.look();
    expect(world.conditions()).toMatchObject({ Available: 'False AddressResolutionFailed' });
    expect(world.said('Available')).toMatch(/^spec\.address: service n\/gone does not exist/);
    world.put({ ...SPEC, headers: [{ name: 'X', value: { valueFrom: { secretKeyRef: { name: 'no', key: 'k' } } } }] });
    await world.look();
    expect(world.conditions()).toMatchObject({ Available: 'False ClientCreationFailed' });
    expect(world.said('Available')).toMatch(/^spec\.headers: header "X": secret n\/no does not exist/);
    expect(world.discovery.asked).toEqual([]);
  });

  it('does not take the Tool of somebody else, and says so without losing its own', async () => {
    const spec = { type: 'http' };
    const apiVersion = 'ark.mckinsey.com/v1alpha1';
    world.context.put<Tool>({ apiVersion, kind: 'Tool', metadata: { namespace: 'n', name: 'files-list' }, spec });
    await world.look();
    expect(world.context.get(Tool, { namespace: 'n', name: 'files-list' })?.spec).toEqual(spec);
    expect(world.tools()).toContain('files-read-file');
    expect(world.status()?.conditions?.[0]).toMatchObject({
      reason: 'ToolCreationFailed',
      message: expect.stringContaining("'files-list'"),
    });
  });

  it('does not take the Tool of another server whose names run into its own', async () => {
    const apiVersion = 'ark.mckinsey.com/v1alpha1';
    const owner = { apiVersion, kind: 'MCPServer', name: 'files-list', uid: 'other', controller: true };
    const metadata = { namespace: 'n', name: 'files-list-all', ownerReferences: [owner] };
    const theirs = world.context.put<Tool>({ apiVersion, kind: 'Tool', metadata, spec: { type: 'mcp' } });
    world.discovery.answer = () => [tool('list_all')];
    await world.look();
    expect(world.context.get(Tool, metadata)).toEqual(theirs);
    expect(world.said('Available')).toBe(
      "tool 'files-list-all': a Tool of this name exists, made for MCPServer 'files-list'; rename that one, " +
        'or rename this MCPServer',
    );
  });

  it('gets a Tool back that somebody deleted, without being asked', async () => {
    await world.look();
    await world.context.delete(world.context.get(Tool, { namespace: 'n', name: 'files-list' })!);
    await world.look();
    expect(world.tools()).toHaveLength(2);
    expect(world.discovery.asked).toHaveLength(1);
  });

  it('tells tools apart whose names become the same', async () => {
    world.discovery.answer = () => [tool('a-b'), tool('a_b'), tool('Ünï/cödé')];
    await world.look();
    expect(world.tools()).toEqual(['files--n--c-d', 'files-a-b', expect.stringMatching(/^files-a-b-[0-9a-f]{8}$/)]);
  });

  it('is left to the process whose duty it is, its session included', async () => {
    world.mine = false;
    expect((await world.look()).afterMs).toBeGreaterThan(0);
    expect(world.discovery.asked).toEqual([]);
    expect(world.discovery.forgotten).toEqual(['u']);
    expect(world.context.writes).toEqual([]);
  });

  it('that is gone is forgotten', () => {
    world.reconciler.forget(KEY, 'u');
    expect(world.discovery.forgotten).toEqual(['u']);
  });
});
