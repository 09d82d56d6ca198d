import { describe, expect, it } from '@jest/globals';
import type { McpConnection, McpConnections, McpServerConfig } from '../../kit/index.js';
import { RequestMcp } from './request-mcp.js';

const server = (name: string, tools: string[], headers = {}): McpServerConfig => ({
  ...{ name, tools, headers, url: `http://${name}`, transport: 'http', timeout: '5s' },
});
const signal = new AbortController().signal;

function lent(...servers: McpServerConfig[]) {
  const opened: McpServerConfig[] = [];
  const connections: McpConnections = {
    connect: async (config) => {
      opened.push(config);
      return {} as McpConnection;
    },
  };
  return { mcp: new RequestMcp(async () => servers, connections), opened };
}

describe('the MCP servers lent to an engine', () => {
  it('are those of the request, as the request describes them', async () => {
    const { mcp, opened } = lent(server('files', ['read', 'list'], { key: 'k' }));
    await mcp.connect(server('files', ['read', 'delete'], { key: 'forged' }), signal);
    expect(opened).toEqual([server('files', ['read'], { key: 'k' })]);
  });

  it('are no others', async () => {
    const { mcp, opened } = lent(server('files', ['read']));
    for (const other of [server('web', ['read']), { ...server('files', ['read']), url: 'http://evil' }]) {
      await expect(mcp.connect(other, signal)).rejects.toMatchObject({ family: 'Denied' });
    }
    expect(opened).toEqual([]);
  });
});
