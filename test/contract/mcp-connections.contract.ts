import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { McpRoom } from '../../src/discovery/mcp-room.js';
import { type McpConnection, type McpServerConfig, noTracer } from '../../src/kit/index.js';
import { rememberingLogger } from '../harness/engine-process.js';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { ScriptedMcpServer } from '../harness/scripted-mcp-server.js';

const never = new AbortController().signal;

describe('a connection with an MCP server', () => {
  let server: ScriptedMcpServer;
  let room: McpRoom;
  const config = (change: Partial<McpServerConfig> = {}): McpServerConfig => ({
    name: 's',
    url: server.url,
    transport: 'http',
    timeout: '5s',
    headers: {},
    tools: ['greet'],
    ...change,
  });
  const connect = (change: Partial<McpServerConfig> = {}) => room.connections.connect(config(change), never);
  const greet = (connection: McpConnection, args = {}) => connection.callTool('greet', args, { signal: never });
  beforeEach(async () => {
    server = await ScriptedMcpServer.listen();
    room = new McpRoom({ logger: rememberingLogger(), programs: false, loopback: true });
  });
  afterEach(async () => {
    await room.close();
    await server.close();
  });

  it('lists and calls what the allowlist names, with the headers of the server', async () => {
    const connection = await connect({ headers: { 'X-Key': 'k' } });
    server.tools.push({ name: 'delete', inputSchema: { type: 'object' } });
    expect((await connection.listTools(never)).map(({ name }) => name)).toEqual(['greet']);
    expect(await greet(connection, { who: 'you' })).toEqual({ text: 'hello' });
    expect(server.seen.at(-1)?.params).toMatchObject({ name: 'greet', arguments: { who: 'you' } });
    expect(server.seen.every(({ headers }) => headers['x-key'] === 'k')).toBe(true);
  });

  it('tells the server which trace a call belongs to, in a header and in the call', async () => {
    const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, baggage: 'ark.session.id=s' };
    const tracer = { ...noTracer, headers: () => trace };
    const traced = new McpRoom({ logger: rememberingLogger(), programs: false, loopback: true, tracer });
    try {
      await greet(await traced.connections.connect(config({ headers: { 'X-Key': 'k' } }), never));
      const seen = server.seen.find(({ line }) => line.endsWith(' tools/call'));
      expect(seen?.headers).toMatchObject({ ...trace, 'x-key': 'k' });
      expect(seen?.params?._meta).toMatchObject(trace);
    } finally {
      await traced.close();
    }
  });

  it('refuses to call what is not listed, before anything is sent', async () => {
    const connection = await connect();
    const before = server.seen.length;
    await expect(connection.callTool('delete', {}, { signal: never })).rejects.toMatchObject({ family: 'Denied' });
    const nothing = await connect({ tools: [] });
    await expect(greet(nothing)).rejects.toMatchObject({ family: 'Denied' });
    expect(await nothing.listTools(never)).toEqual([]);
    expect(server.count('tools/call')).toBe(0);
    expect(server.seen.slice(before).filter(({ line }) => line.includes('tools/call'))).toEqual([]);
  });

  it('is one session for everybody with the same headers, and another for others', async () => {
    const all = await Promise.all([connect(), connect({ tools: ['other'] }), connect({ headers: { a: 'b' } })]);
    expect(server.count('initialize')).toBe(2);
    expect(all).toHaveLength(3);
  });

  it('begins each session with the calls it is told to, and shares it with nobody who wants others', async () => {
    const openingCalls = [{ name: 'login', arguments: { user: 'ann' } }];
    const names = () =>
      server.seen.filter(({ line }) => line.endsWith(' tools/call')).map(({ params }) => params?.name);
    const connection = await connect({ openingCalls });
    await greet(connection);
    expect(names()).toEqual(['login', 'greet']);
    server.forgetSessions();
    await greet(connection);
    expect(
      names()
        .slice(2)
        .filter((name) => name === 'login'),
    ).toHaveLength(1);
    await greet(await connect());
    expect(server.count('initialize')).toBe(3);

    server.call = () => ({ content: [{ type: 'text', text: 'who are you?' }], isError: true });
    const refused = connect({ openingCalls: [{ name: 'login', arguments: { user: 'eve' } }] });
    await expect(refused).rejects.toThrow(/the call of 'login' that opens the session failed: who are you\?/);
  });

  it('never shows the value of a header, not even of one that cannot be sent', async () => {
    const headers = { 'X-Key': 'my-key\nX-Other: x' };
    const refused = { family: 'Invalid', message: expect.not.stringContaining('my-key') };
    await expect(connect({ headers })).rejects.toMatchObject(refused);
    await expect(connect({ headers, transport: 'sse' })).rejects.toMatchObject(refused);
  });

  it('tells the server when it is over, and waits for none that does not answer', async () => {
    await connect();
    await connect({ headers: { a: 'b' } });
    server.before = ({ method, headers }) => method === 'DELETE' && headers.a === 'b';
    await room.close();
    expect(server.seen.filter(({ line }) => line === 'DELETE /mcp')).toHaveLength(2);
  });

  it('begins a new session when the old one is lost, without anybody noticing', async () => {
    const connection = await connect();
    await greet(connection);
    server.forgetSessions();
    expect(await greet(connection)).toEqual({ text: 'hello' });
    expect(server.count('initialize')).toBe(2);
  });

  it('stands again after the server was restarted', async () => {
    const port = Number(new URL(server.url).port);
    const connection = await connect();
    await server.close();
    await expect(greet(connection)).rejects.toMatchObject({ family: 'Unavailable' });
    server = await ScriptedMcpServer.listen(port);
    expect(await greet(connection)).toEqual({ text: 'hello' });
  });

  it('never calls a tool a second time when the server may have acted', async () => {
    const connection = await connect();
    let calls = 0;
    server.before = (_, response) => {
      if (server.seen.at(-1)?.line.endsWith('tools/call') !== true) return false;
      calls += 1;
      response.destroy();
      return true;
    };
    await expect(greet(connection)).rejects.toMatchObject({ family: 'Unavailable' });
    expect(calls).toBe(1);
  });

  it('ends a call at its time-out, and at once when it is aborted', async () => {
    server.call = () => new Promise(() => {});
    const connection = await connect();
    const late = connection.callTool('greet', {}, { signal: never, timeoutMs: 100 });
    await expect(late).rejects.toMatchObject({ family: 'Timeout' });
    const abort = new AbortController();
    const call = connection.callTool('greet', {}, { signal: abort.signal });
    await eventually(() => server.count('tools/call') === 2);
    abort.abort();
    await expect(call).rejects.toMatchObject({ family: 'Canceled' });
  });

  it('is tried at /mcp when a URL without a path is no endpoint', async () => {
    const connection = await connect({ url: server.origin });
    expect(await greet(connection)).toEqual({ text: 'hello' });
    await expect(connect({ url: `${server.origin}/elsewhere` })).rejects.toMatchObject({ details: { status: 404 } });
  });

  it('that wants authorization says so with its challenge', async () => {
    const challenge = 'Bearer resource_metadata="https://x.example.com/meta"';
    server.before = (_, response) => {
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return true;
    };
    await expect(connect()).rejects.toMatchObject({
      family: 'Unavailable',
      details: { status: 401, wwwAuthenticate: challenge },
    });
    await expect(connect({ transport: 'sse' })).rejects.toMatchObject({ details: { status: 401 } });
  });

  it('that wants wider rights says so with its challenge; one that forbids has none', async () => {
    let challenge = 'Bearer error="insufficient_scope", scope="files:write"';
    server.before = (_, response) => {
      response.writeHead(403, { 'www-authenticate': challenge }).end();
      return true;
    };
    const wider = { family: 'Denied', details: { status: 403, wwwAuthenticate: challenge } };
    await expect(connect()).rejects.toMatchObject(wider);
    await expect(connect({ transport: 'sse' })).rejects.toMatchObject(wider);
    challenge = 'Basic realm="files"';
    await expect(connect()).rejects.toMatchObject({ family: 'Denied', details: { status: 403 } });
    await expect(connect()).rejects.not.toHaveProperty('details.wwwAuthenticate');
  });

  it('follows no redirect to another host', async () => {
    const other = await ScriptedMcpServer.listen();
    server.before = (_, response) => {
      response.writeHead(307, { location: other.url }).end();
      return true;
    };
    try {
      await expect(connect()).rejects.toMatchObject({ family: 'Unavailable' });
      expect(other.seen).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('fails within its time-out when the server hangs, and names the server', async () => {
    server.before = () => true;
    const started = Date.now();
    await expect(connect({ timeout: '200ms' })).rejects.toMatchObject({
      family: 'Timeout',
      message: expect.stringMatching(/^MCP server 's' at [\d.:]+: connecting took too long$/),
    });
    expect(Date.now() - started).toBeLessThan(3_000);
    const nobody = `http://127.0.0.1:${await freePort()}/mcp`;
    await expect(connect({ url: nobody })).rejects.toMatchObject({
      family: 'Unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('leads to no metadata service, and to this machine only where that is allowed', async () => {
    await expect(connect({ url: 'http://169.254.169.254/mcp' })).rejects.toMatchObject({ family: 'Denied' });
    const inCluster = new McpRoom({ logger: rememberingLogger(), programs: false, loopback: false });
    await expect(inCluster.connections.connect(config(), never)).rejects.toMatchObject({ family: 'Denied' });
    await inCluster.close();
    expect(server.seen).toEqual([]);
  });

  it('starts no program in a cluster', async () => {
    const program = { command: 'true', args: [], env: {} };
    const refused = connect({ url: '', transport: 'stdio', program });
    await expect(refused).rejects.toMatchObject({ family: 'Denied', reason: 'TransportDenied' });
  });
});
