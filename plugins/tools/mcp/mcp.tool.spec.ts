import { describe, expect, it } from '@jest/globals';
import type { McpConnections, McpServerConfig } from 'nest-ark';
import { toolConfig, toolContext, toolTypeSuite } from 'nest-ark/testing';
import { McpToolType } from './mcp.tool.js';

const server: McpServerConfig = {
  name: 'files',
  url: 'http://files',
  transport: 'http',
  timeout: '5s',
  headers: {},
  tools: ['read'],
};

/** A server whose tools say what they were called with. */
function files(log: string[] = []): McpConnections {
  return {
    connect: async ({ name, tools }) => ({
      listTools: async () => [],
      callTool: async (tool, args) => ({ text: `${name} ${tools.join()} ${tool} ${JSON.stringify(args)}` }),
      close: async () => void log.push(`closed ${name}`),
    }),
  };
}

toolTypeSuite('mcp', () => ({
  type: new McpToolType(),
  call: {
    tool: { settings: { toolName: 'read', server } },
    args: { path: '/' },
    context: { mcp: files() },
    answer: 'files read read {"path":"/"}',
  },
  failure: { tool: { settings: { toolName: 'read' } }, message: /names no MCP server/ },
}));

describe('a tool of an MCP server', () => {
  it('gives its session back, also when the call fails', async () => {
    const log: string[] = [];
    const failing: McpConnections = {
      connect: async (...asked) => ({
        ...(await files(log).connect(...asked)),
        callTool: () => Promise.reject(new Error('no')),
      }),
    };
    const tool = toolConfig({ settings: { toolName: 'read', server } });
    await expect(new McpToolType().call(tool, {}, toolContext({ mcp: failing }))).rejects.toThrow('no');
    expect(log).toEqual(['closed files']);
  });
});
