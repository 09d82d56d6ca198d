import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { dump } from 'js-yaml';
import { embeddedOnly } from '../harness/embedded-only.js';
import { eventually } from '../harness/eventually.js';
import { Runtime, run } from '../harness/runtime.js';
import { ScriptedMcpServer } from '../harness/scripted-mcp-server.js';
import { V2McpServer } from '../harness/v2-mcp-server.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const tool = (name: string) => ({ name, description: `does ${name}`, inputSchema: { type: 'object' as const } });

const withPrograms = embeddedOnly('programs as MCP servers');

describeWithKubectl('MCP servers', () => {
  let runtime: Runtime;
  let server: ScriptedMcpServer;
  beforeAll(async () => {
    runtime = await Runtime.start();
  });
  afterAll(() => runtime?.dispose());
  beforeEach(async () => {
    server = await ScriptedMcpServer.listen();
    server.tools = [tool('read_file'), tool('write_file')];
  });
  afterEach(async () => {
    await runtime.kubectlOk(['delete', 'mcpservers,tools', '--all', '--wait=true']);
    await server.close();
  });

  const apply = (spec: object, name = 'files') => {
    const object = { apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'MCPServer', metadata: { name }, spec };
    return runtime.kubectlOk(['apply', '-f', '-'], dump(object));
  };
  const tools = async () =>
    (await runtime.kubectlOk(['get', 'tools', '-o', 'name'])).trim().split('\n').filter(Boolean);
  const available = async (status: string, name = 'files') => {
    await runtime.kubectlOk(['wait', `mcpserver/${name}`, `--for=condition=Available=${status}`, '--timeout=60s']);
  };
  const toolState = (name: string, state: string) =>
    runtime.kubectlOk(['wait', `tool/${name}`, `--for=jsonpath={.status.state}=${state}`, '--timeout=20s']);
  const row = async (name = 'files') => {
    const lines = (await runtime.kubectlOk(['get', 'mcpservers', name])).trim().split('\n');
    return lines.map((line) => line.split(/\s{2,}/).map((cell) => cell.trim()));
  };

  it('become Tools, which kubectl shows and which go with the server', async () => {
    await apply({ address: { value: server.url } });
    await available('True');
    expect(await tools()).toEqual(['tool.ark.mckinsey.com/files-read-file', 'tool.ark.mckinsey.com/files-write-file']);
    const [header, cells] = await row();
    expect(header).toEqual(['NAME', 'AVAILABLE', 'DISCOVERING', 'TOOLS', 'AUTH', 'AGE']);
    expect(cells?.slice(0, 4)).toEqual(['files', 'True', 'False', '2']);
    await runtime.kubectlOk(['delete', 'mcpserver', 'files']);
    // A controller manager looks for new kinds every half minute; what they own is garbage only then.
    await eventually(async () => expect(await tools()).toEqual([]));
  });

  it('are heard when they say that their tools have changed', async () => {
    await apply({ address: { value: server.url }, pollInterval: '1h' });
    await available('True');
    await eventually(() => server.listeners > 0);
    server.tools = [tool('read_file'), tool('stat')];
    server.announceChange();
    await eventually(async () => {
      expect(await tools()).toEqual(['tool.ark.mckinsey.com/files-read-file', 'tool.ark.mckinsey.com/files-stat']);
    });
  });

  it('of the newest protocol are heard too', async () => {
    const newest = await V2McpServer.listen();
    try {
      await apply({ address: { value: newest.url }, pollInterval: '1h' });
      await available('True');
      newest.tools = newest.tools.slice(0, 1);
      await eventually(async () => {
        newest.announceChange();
        expect(await tools()).toEqual(['tool.ark.mckinsey.com/files-echo']);
      });
    } finally {
      await newest.close();
    }
  });

  it('that go away keep their Tools and say so; that come back are found again', async () => {
    const port = Number(new URL(server.url).port);
    await apply({ address: { value: server.url }, pollInterval: '1s' });
    await available('True');
    await server.close();
    await available('False');
    expect(await tools()).toHaveLength(2);
    expect((await row())[1]?.[3]).toBe('2');
    const events = await runtime.kubectlOk(['get', 'events', '-o', 'jsonpath={.items[*].reason}']);
    expect(events).toMatch(/ClientCreationFailed|ToolListingFailed/);
    await toolState('files-read-file', 'Stale');
    server = await ScriptedMcpServer.listen(port);
    server.tools = [tool('read_file')];
    await available('True');
    await eventually(async () => expect(await tools()).toHaveLength(1));
    await toolState('files-read-file', 'Ready');
  });

  it('are asked again and again without a write while nothing changes, be it good or bad', async () => {
    const failing = await ScriptedMcpServer.listen();
    let refusals = 0;
    failing.before = (_, response) => {
      response.writeHead(500).end(`request id: req_00000${++refusals}`);
      return true;
    };
    try {
      // With a default, a null and nested schemas: nothing that the API server might store in another form.
      server.tools = [
        tool('stat'),
        { ...tool('odd'), inputSchema: { type: 'object', properties: { a: { default: null } } } },
      ];
      await apply({ address: { value: server.url }, pollInterval: '1s' });
      await apply({ address: { value: failing.url }, pollInterval: '1s' }, 'failing');
      await available('True');
      await available('False', 'failing');
      await toolState('files-odd', 'Ready');
      const versions = () =>
        runtime.kubectlOk(['get', 'mcpservers,tools', '-o', 'jsonpath={.items[*].metadata.resourceVersion}']);
      const [before, listed, refused] = [await versions(), server.count('tools/list'), refusals];
      await eventually(() => {
        expect(server.count('tools/list')).toBeGreaterThan(listed + 2);
        expect(refusals).toBeGreaterThan(refused + 2);
      });
      expect(await versions()).toBe(before);
      expect(server.count('initialize')).toBe(1);
    } finally {
      await failing.close();
    }
  });

  it('are called with the new key as soon as a Secret has it', async () => {
    const secret = (key: string) =>
      dump({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { key } });
    await runtime.kubectlOk(['apply', '-f', '-'], secret('old'));
    const value = { valueFrom: { secretKeyRef: { name: 'keys', key: 'key' } } };
    await apply({ address: { value: server.url }, pollInterval: '1h', headers: [{ name: 'X-Key', value }] });
    await available('True');
    expect(server.seen.at(-1)?.headers['x-key']).toBe('old');
    await runtime.kubectlOk(['apply', '-f', '-'], secret('new'));
    await eventually(() => server.seen.some(({ headers }) => headers['x-key'] === 'new'));
  });

  it('that hang keep no other from being found', async () => {
    const hanging = await ScriptedMcpServer.listen();
    hanging.before = () => true;
    try {
      for (const name of ['slow-1', 'slow-2', 'slow-3']) await apply({ address: { value: hanging.url } }, name);
      await eventually(() => hanging.seen.length > 0);
      await apply({ address: { value: server.url } });
      await runtime.kubectlOk(['wait', 'mcpserver/files', '--for=condition=Available', '--timeout=15s']);
      expect((await row('slow-1'))[1]?.slice(0, 3)).toEqual(['slow-1', 'Unknown', 'True']);
    } finally {
      await hanging.close();
    }
  });

  it('that want authorization say where to get it', async () => {
    const metadata = '/.well-known/oauth-protected-resource';
    server.before = (request, response) => {
      if (request.headers.authorization === 'Bearer good') return false;
      const json = (body: object) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.url === metadata) {
        json({ resource: server.url, resource_name: 'The files', authorization_servers: [`${server.origin}/tenant`] });
      } else if (request.url === '/.well-known/oauth-authorization-server/tenant') {
        json({ token_endpoint: `${server.origin}/token`, scopes_supported: ['read'] });
      } else {
        const challenge = `Bearer resource_metadata="${server.origin}${metadata}"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
      return true;
    };
    await apply({ address: { value: server.url }, authorization: { tokenSecretRef: { name: 'oauth' } } });
    await available('False');
    expect((await row())[1]).toEqual(['files', 'False', 'False', 'Required', expect.any(String)]);
    const found = await runtime.kubectlOk(['get', 'mcpserver', 'files', '-o', 'jsonpath={.status.authorization}']);
    expect(JSON.parse(found)).toMatchObject({
      resourceName: 'The files',
      tokenEndpoint: `${server.origin}/token`,
      scopesSupported: ['read'],
    });
    const token = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'oauth' },
      stringData: { access_token: 'good' },
    };
    await runtime.kubectlOk(['apply', '-f', '-'], dump(token));
    await available('True');
    expect((await row())[1]?.slice(1, 5)).toEqual(['True', 'False', '2', 'Authorized']);
  });

  withPrograms.it('of the example are called for files of one folder, and refuse all others', async () => {
    await runtime.kubectlOk(['apply', '-f', 'examples/filesys/10-mcp-server.yaml']);
    await available('True', 'filesys');
    await runtime.kubectlOk(['wait', 'tool/filesys-read-text-file', '--for=jsonpath={.status.state}=Ready']);
    await runtime.kubectlOk(['apply', '-f', 'examples/filesys']);
    expect(await answerOf('read-the-notes')).toContain('in the room with the piano');
    const elsewhere = (await readFile('examples/filesys/30-query.yaml', 'utf8'))
      .replace('notes.txt', '/etc/passwd')
      .replace('read-the-notes', 'read-the-passwords');
    await runtime.kubectlOk(['apply', '-f', '-'], elsewhere);
    expect(await answerOf('read-the-passwords')).toMatch(/denied/);
    await runtime.kubectlOk(['delete', 'agents,queries', '--all']);
  });

  withPrograms.it('that are programs end with the runtime', async () => {
    const own = await Runtime.start();
    try {
      await own.kubectlOk(['apply', '-f', 'examples/filesys/10-mcp-server.yaml']);
      await own.kubectlOk(['wait', 'mcpserver/filesys', '--for=condition=Available', '--timeout=60s']);
      const { stdout } = await run('pgrep', ['-P', String(own.endpoints.pid)]);
      const pids = stdout.trim().split('\n').map(Number);
      expect(pids.map(isAlive)).toContain(true);
      await own.stop();
      await eventually(() => expect(pids.map(isAlive)).not.toContain(true));
    } finally {
      await own.dispose();
    }
  });

  async function answerOf(query: string): Promise<string> {
    await runtime.kubectlOk(['wait', `query/${query}`, '--for=condition=Completed', '--timeout=60s']);
    return runtime.kubectlOk(['get', 'query', query, '-o', 'jsonpath={.status.response.content}']);
  }
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
