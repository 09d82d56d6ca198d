import { describe, expect, it } from '@jest/globals';
import type { McpServerConfig } from '../../kit/index.js';
import { serverIdentity, serverName } from './server-identity.js';

const SERVER: McpServerConfig = {
  name: 's',
  url: 'https://user:secret@mcp.example.com/mcp?key=secret',
  transport: 'http',
  timeout: '30s',
  headers: { 'X-Key': 'secret', A: 'b' },
  tools: ['t'],
};

describe('a server', () => {
  it('is the same for the same rights, whatever it is called and allowed', () => {
    const same = { ...SERVER, name: 'other', tools: [], timeout: '1s', headers: { a: 'b', 'x-key': 'secret' } };
    expect(serverIdentity(same)).toBe(serverIdentity(SERVER));
  });

  it('is another with another key, address, transport or program', () => {
    const program = { command: 'x', args: [], env: {} };
    const others = [{ headers: {} }, { url: 'https://a' }, { transport: 'sse' as const }, { program }];
    const identities = new Set([{}, ...others].map((change) => serverIdentity({ ...SERVER, ...change })));
    expect(identities.size).toBe(5);
  });

  it('is named in errors without anything secret', () => {
    expect(serverName(SERVER)).toBe("MCP server 's' at mcp.example.com");
    expect(serverIdentity(SERVER)).not.toContain('secret');
  });
});
