import { describe, expect, it } from '@jest/globals';
import { agent, query } from '../../../test/harness/manifests.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import type { Agent } from '../../resources/agent/agent.resource.js';
import { MCP_SERVER_SETTINGS } from '../../resources/labels.js';
import type { Query } from '../../resources/query/query.resource.js';
import { resolveMcpServers, ungated } from './mcp-servers.js';

const API = 'ark.mckinsey.com/v1alpha1';
const tool = (name: string, server: string, toolName: string, namespace?: string) => ({
  apiVersion: API,
  kind: 'Tool',
  metadata: { name },
  spec: { type: 'mcp', mcp: { mcpServerRef: { name: server, namespace }, toolName } },
});
const server = (name: string, spec: Record<string, unknown>, namespace = 'default') => ({
  apiVersion: API,
  kind: 'MCPServer',
  metadata: { name, namespace },
  spec: { address: { value: `http://${name}.example.com/mcp` }, ...spec },
});

function resolve(objects: MemoryObjects, tools: object[], querySpec: object = {}, annotations = {}) {
  const asker = query('q', { input: 'x', ...querySpec });
  const metadata = { ...asker.metadata, annotations };
  const askers = {
    agent: agent('a', { tools }) as unknown as Agent,
    query: { ...asker, metadata } as unknown as Query,
  };
  return resolveMcpServers(askers, objects);
}

describe('the MCP servers of an agent', () => {
  it('come with the tools the agent lists and no others, one entry per server', async () => {
    const objects = new MemoryObjects().put(
      tool('files-read', 'files', 'read'),
      tool('files-write', 'files', 'write'),
      tool('search', 'web', 'search', 'shared'),
      server('files', { timeout: '5s', transport: 'sse' }),
      server('web', {}, 'shared'),
    );
    const tools = [
      { type: 'mcp', name: 'files-read' },
      { type: 'http', name: 'elsewhere' },
      { type: 'mcp', name: 'find', partial: { name: 'search' } },
    ];
    expect(await resolve(objects, tools)).toEqual([
      {
        name: 'files',
        url: 'http://files.example.com/mcp',
        transport: 'sse',
        timeout: '5s',
        headers: {},
        secrets: [],
        tools: ['read'],
      },
      {
        name: 'web',
        url: 'http://web.example.com/mcp',
        transport: 'http',
        timeout: '30s',
        headers: {},
        secrets: [],
        tools: ['search'],
      },
    ]);
  });

  it('carry headers of the server, the annotation and the overrides, and the token above all', async () => {
    const authorization = { tokenSecretRef: { name: 'token' } };
    const headers = [
      { name: 'X-A', value: { value: 'server' } },
      { name: 'Authorization', value: { value: 'Basic old' } },
    ];
    const objects = new MemoryObjects().put(tool('t', 's', 'do'), server('s', { headers, authorization }), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token' },
      data: { access_token: Buffer.from('fresh').toString('base64') },
    });
    const overrides = [{ resourceType: 'mcpserver', headers: [{ name: 'X-B', value: { value: 'override' } }] }];
    const annotations = {
      [MCP_SERVER_SETTINGS]: JSON.stringify({ 'default/s': { headers: { 'X-A': 'annotation', 'X-B': 'lost' } } }),
    };
    const [found] = await resolve(objects, [{ type: 'mcp', name: 't' }], { overrides }, annotations);
    expect(found?.headers).toEqual({ 'X-A': 'annotation', 'X-B': 'override', Authorization: 'Bearer fresh' });
  });

  it('come with the calls that the Query wants a session to begin with', async () => {
    const objects = new MemoryObjects().put(tool('t', 's', 'do'), server('s', {}));
    const asked = (toolCalls: unknown) =>
      resolve(
        objects,
        [{ type: 'mcp', name: 't' }],
        {},
        {
          [MCP_SERVER_SETTINGS]: JSON.stringify({ 'default/s': { toolCalls } }),
        },
      );
    const [found] = await asked([{ name: 'login', arguments: { user: 'u' } }, { name: 'begin' }]);
    expect(found?.openingCalls).toEqual([
      { name: 'login', arguments: { user: 'u' } },
      { name: 'begin', arguments: {} },
    ]);
    for (const wrong of ['login', [{ arguments: {} }], [{ name: 'x', arguments: [] }]]) {
      await expect(asked(wrong)).rejects.toThrow('toolCalls must be a list of {"name", "arguments"}');
    }
  });

  it('are an error when a listed tool or its server is gone', async () => {
    const tools = [{ type: 'mcp', name: 't' }];
    await expect(resolve(new MemoryObjects(), tools)).rejects.toThrow(
      "agent default/a: tool 'default/t' does not exist",
    );
    const orphan = new MemoryObjects().put(tool('t', 'gone', 'do'));
    await expect(resolve(orphan, tools)).rejects.toThrow("MCPServer 'default/gone' does not exist");
  });
});

describe('a tool that an engine may call past the tool gate', () => {
  it('has nothing pinned, nobody who approves it, and no filter on its results', () => {
    expect(ungated({ type: 'mcp', name: 't', approval: { required: false } })).toBe(true);
    expect(ungated({ type: 'mcp', name: 't', approval: { required: true } })).toBe(false);
    expect(ungated({ type: 'mcp', name: 't', partial: { parameters: [{ name: 'a', value: 'b' }] } })).toBe(false);
    expect(ungated({ type: 'mcp', name: 't', functions: [{ name: 'jq', value: '.public' }] })).toBe(false);
  });
});
