import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { McpRoom } from '../../src/discovery/mcp-room.js';
import type { McpConnection, McpServerConfig } from '../../src/kit/index.js';
import { rememberingLogger } from '../harness/engine-process.js';
import { eventually } from '../harness/eventually.js';
import { EverythingServer, everythingProgram } from '../harness/everything-server.js';
import { V2McpServer } from '../harness/v2-mcp-server.js';

const never = new AbortController().signal;
const BASE: McpServerConfig = { name: 's', url: '', transport: 'http', timeout: '20s', headers: {}, tools: [] };
const newRoom = (idleMs?: number) =>
  new McpRoom({ logger: rememberingLogger(), programs: true, loopback: true, idleMs });
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.each(['streamableHttp', 'sse', 'stdio'] as const)('the reference server over %s', (transport) => {
  let server: EverythingServer | undefined;
  let room: McpRoom;
  let connection: McpConnection;
  beforeAll(async () => {
    if (transport !== 'stdio') server = await EverythingServer.listen(transport);
    room = newRoom();
    const way: Partial<McpServerConfig> = server
      ? { url: server.url, transport: transport === 'sse' ? 'sse' : 'http' }
      : { transport: 'stdio', program: everythingProgram };
    const tools = ['echo', 'get-sum', 'get-tiny-image', 'get-structured-content', 'get-resource-links', 'get-env'];
    connection = await room.connections.connect({ ...BASE, ...way, tools }, never);
  });
  afterAll(async () => {
    await room.close();
    await server?.close();
  });

  it('shows its tools with their schemas', async () => {
    const tools = await connection.listTools(never);
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'get-sum']));
    const echo = tools.find(({ name }) => name === 'echo');
    expect(echo?.inputSchema).toMatchObject({ type: 'object', properties: { message: { type: 'string' } } });
  });

  it('answers in text, with images apart and notes for the rest', async () => {
    const call = (name: string, args = {}) => connection.callTool(name, args, { signal: never });
    expect((await call('echo', { message: 'hi' })).text).toContain('hi');
    expect((await call('get-sum', { a: 2, b: 3 })).text).toContain('5');
    const image = await call('get-tiny-image');
    expect(image.images?.[0]).toMatchObject({ mimeType: 'image/png' });
    expect(image.text).toContain('[image image/png]');
    expect((await call('get-resource-links', { count: 2 })).text).toContain('[resource ');
    expect((await call('get-structured-content', { location: 'New York' })).text).toContain('temperature');
  });

  it('says in the result that the arguments are wrong', async () => {
    const result = await connection.callTool('get-sum', { a: 'two' }, { signal: never });
    expect(result).toMatchObject({ isError: true, text: expect.stringContaining('a') });
  });
});

describe.each(['streamableHttp', 'sse'] as const)('a connection over %s', (transport) => {
  it('outlives a restart of its server, seen or unseen', async () => {
    let server = await EverythingServer.listen(transport);
    const { port } = new URL(server.url);
    const room = newRoom();
    const way = transport === 'sse' ? 'sse' : 'http';
    const config: McpServerConfig = { ...BASE, url: server.url, transport: way, tools: ['echo'] };
    const connection = await room.connections.connect(config, never);
    const echo = async () => (await connection.callTool('echo', { message: 'hi' }, { signal: never })).text;
    expect(await echo()).toContain('hi');
    await server.close();
    await expect(echo()).rejects.toMatchObject({ family: 'Unavailable' });
    server = await EverythingServer.listen(transport, Number(port));
    expect(await echo()).toContain('hi');
    await server.close();
    server = await EverythingServer.listen(transport, Number(port));
    await eventually(async () => expect(await echo()).toContain('hi'));
    await room.close();
    await server.close();
  });
});

describe('a program that is an MCP server', () => {
  it('gets a minimal environment and is ended with the room', async () => {
    const room = newRoom();
    process.env.ARK_TEST_SECRET = 'do not tell';
    const program = { ...everythingProgram, env: { GIVEN: 'yes' } };
    const server: McpServerConfig = { ...BASE, transport: 'stdio', program, tools: ['get-env'] };
    const connection = await room.connections.connect(server, never);
    const { text } = await connection.callTool('get-env', {}, { signal: never });
    delete process.env.ARK_TEST_SECRET;
    expect(JSON.parse(text)).toMatchObject({ GIVEN: 'yes' });
    expect(text).not.toContain('do not tell');
    await room.close();
    await expect(connection.callTool('get-env', {}, { signal: never })).rejects.toMatchObject({
      family: 'Unavailable',
    });
  });

  it('is started again when it died', async () => {
    const room = newRoom();
    const script = `process.env.PID = String(process.pid); await import(${JSON.stringify(everythingProgram.args[0])})`;
    const program = { command: process.execPath, args: ['--input-type=module', '-e', script], env: {} };
    const server: McpServerConfig = { ...BASE, transport: 'stdio', program, tools: ['echo', 'get-env'] };
    const connection = await room.connections.connect(server, never);
    const { text } = await connection.callTool('get-env', {}, { signal: never });
    const pid = Number((JSON.parse(text) as { PID: string }).PID);
    process.kill(pid, 'SIGKILL');
    await eventually(() => !isAlive(pid));
    await eventually(async () => {
      expect((await connection.callTool('echo', { message: 'back' }, { signal: never })).text).toContain('back');
    });
    await room.close();
  });

  it('that does not exist is named in the error', async () => {
    const room = newRoom();
    const program = { command: 'no-such-program', args: [], env: {} };
    await expect(room.connections.connect({ ...BASE, transport: 'stdio', program }, never)).rejects.toMatchObject({
      family: 'Unavailable',
      message: expect.stringContaining('no-such-program'),
    });
    await room.close();
  });
});

describe('a server of the newest protocol', () => {
  let server: V2McpServer;
  beforeAll(async () => {
    server = await V2McpServer.listen();
  });
  afterAll(() => server.close());

  it('is spoken to, and its progress prolongs a call', async () => {
    const room = newRoom();
    const connection = await room.connections.connect({ ...BASE, url: server.url, tools: ['echo', 'count'] }, never);
    expect(await connection.listTools(never)).toHaveLength(2);
    expect(await connection.callTool('echo', { text: 'x' }, { signal: never })).toEqual({ text: 'echo: x' });
    const slow = connection.callTool('count', { steps: 40 }, { signal: never, timeoutMs: 1_500 });
    expect(await slow).toEqual({ text: 'count: ' });
    await room.close();
  });
});
