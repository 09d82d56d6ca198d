import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { McpRoom } from '../../src/discovery/mcp-room.js';
import type { McpServerConfig } from '../../src/kit/index.js';
import { rememberingLogger } from '../harness/engine-process.js';
import { eventually } from '../harness/eventually.js';
import { ScriptedMcpServer } from '../harness/scripted-mcp-server.js';

const signal = new AbortController().signal;
const tool = (name: string) => ({ name, inputSchema: { type: 'object' } });

describe('reading an MCP server', () => {
  let server: ScriptedMcpServer;
  let room: McpRoom;
  let changes: number;
  const config = (): McpServerConfig => {
    return { name: 's', url: server.url, transport: 'http', timeout: '5s', headers: {}, tools: [] };
  };
  const read = (change: Partial<McpServerConfig> = {}) =>
    room.reader.read({ id: 'u', server: { ...config(), ...change }, onChange: () => (changes += 1), signal });
  const names = async () => (await read()).tools.map(({ name }) => name);
  beforeEach(async () => {
    changes = 0;
    server = await ScriptedMcpServer.listen();
    room = new McpRoom({ logger: rememberingLogger(), programs: false, loopback: true, idleMs: 20 });
  });
  afterEach(async () => {
    await room.close();
    await server.close();
  });

  it('finds the tools of every page, without any allowlist', async () => {
    server.page = ({ cursor }) =>
      cursor === undefined ? { tools: [tool('a')], nextCursor: 'two' } : { tools: [tool('b'), tool('a')] };
    expect(await names()).toEqual(['a', 'b']);
  });

  it('understands as much of a tool as is true, and loses no other for it', async () => {
    server.tools = [
      tool('good'),
      { name: 'liar', inputSchema: 'none', outputSchema: 7, description: ['x'], annotations: { readOnlyHint: 'yes' } },
      { name: 'hinted', title: 'Hinted', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
      { description: 'has no name' },
      'nothing',
    ];
    expect((await read()).tools).toEqual([
      { name: 'good', description: '', inputSchema: { type: 'object' }, hints: {} },
      { name: 'liar', description: '', inputSchema: {}, hints: {} },
      {
        name: 'hinted',
        description: '',
        inputSchema: { type: 'object' },
        hints: { title: 'Hinted', readOnlyHint: true },
      },
    ]);
  });

  it('does not lose an answer that breaks the promise of its output schema', async () => {
    server.tools = [{ ...tool('liar'), outputSchema: { type: 'object', required: ['a'], properties: { a: {} } } }];
    await read();
    const connection = await room.connections.connect({ ...config(), tools: ['liar'] }, signal);
    expect(await connection.callTool('liar', {}, { signal })).toEqual({ text: 'hello' });
    expect(server.count('initialize')).toBe(1);
  });

  it.each([
    ['go round in circles', () => ({ tools: [], nextCursor: 'again' })],
    ['are endless', ({ cursor = '0' }) => ({ tools: [tool(String(cursor))], nextCursor: `${Number(cursor) + 1}` })],
    ['hold too much', () => ({ tools: [{ ...tool('a'), description: 'x'.repeat(9 << 20) }], nextCursor: 'b' })],
    ['are none', () => ({})],
  ] as [string, (params: { cursor?: string }) => object][])('ends when its pages %s', async (_, page) => {
    server.page = page;
    await expect(read({ timeout: '20s' })).rejects.toMatchObject({ reason: 'ToolListingFailed' });
  });

  it('ends at the time-out when the list of tools never comes, and the next reading is none the worse', async () => {
    server.before = (request) => request.method === 'POST' && server.seen.at(-1)?.line.endsWith(' tools/list') === true;
    await expect(read({ timeout: '300ms' })).rejects.toMatchObject({
      family: 'Timeout',
      reason: 'ToolListingFailed',
      message: expect.stringMatching(/^listing the tools of MCP server 's' at [\d.:]+ took too long$/),
    });
    server.before = () => false;
    expect(await names()).toEqual(['greet']);
  });

  it('ends when a message is larger than 10 MiB', async () => {
    server.page = () => ({ tools: [{ ...tool('a'), description: 'x'.repeat(11 << 20) }] });
    await expect(read()).rejects.toMatchObject({
      reason: 'ToolListingFailed',
      message: expect.stringMatching(/10 MiB/),
    });
  });

  it('hears of changes until it is forgotten, and keeps the session open for that long', async () => {
    await read();
    await eventually(() => server.listeners === 1);
    server.announceChange();
    await eventually(() => changes === 1);
    await read({ headers: { a: 'b' } });
    await eventually(() => server.listeners === 1);
    server.announceChange();
    await eventually(() => changes === 2);
    room.reader.forget('u');
    await eventually(() => server.listeners === 0);
  });

  it('says which URL answered', async () => {
    expect((await read({ url: server.origin })).url).toBe(server.url);
    expect((await read()).url).toBe(server.url);
  });

  describe('that wants authorization', () => {
    const ask = (wwwAuthenticate: string) =>
      room.reader.authorization({ address: server.url, wwwAuthenticate, timeoutMs: 2_000, signal });
    const challenge = () => `Bearer error="x", resource_metadata="${server.origin}/meta"`;
    const serve = (documents: Record<string, object>) => {
      server.before = (request, response) => {
        const document = documents[request.url ?? ''];
        response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(document));
        return true;
      };
    };

    it('leads to its metadata and that of its authorization server, in whatever place that is', async () => {
      const issuer = `${server.origin}/tenant`;
      serve({
        '/meta': { resource: server.url, authorization_servers: [issuer], scopes_supported: ['a'] },
        '/tenant/.well-known/openid-configuration': { token_endpoint: `${issuer}/token`, grant_types_supported: ['b'] },
      });
      expect(await ask(challenge())).toEqual({
        resource: server.url,
        resourceMetadataURL: `${server.origin}/meta`,
        authorizationServers: [issuer],
        scopesSupported: ['a'],
        tokenEndpoint: `${issuer}/token`,
        grantTypesSupported: ['b'],
      });
    });

    it('is not believed when it describes another resource, or names metadata elsewhere', async () => {
      serve({ '/meta': { resource: 'https://other.example.com/' } });
      await expect(ask(challenge())).rejects.toMatchObject({ family: 'Invalid' });
      await expect(ask('Bearer realm="x"')).rejects.toMatchObject({ family: 'Invalid' });
      await expect(ask('Bearer resource_metadata="http://127.0.0.1:1/x"')).rejects.toMatchObject({ family: 'Invalid' });
      const metadata = 'Bearer resource_metadata="https://169.254.169.254/x"';
      await expect(ask(metadata)).rejects.toMatchObject({ family: 'Denied' });
    });
  });
});
