import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, Server } from '@modelcontextprotocol/server';

type Listed = { name: string; description?: string; inputSchema: { type: 'object'; [key: string]: unknown } };

/** A server of the newest protocol on the SDK's own server package, with tools that a test may change. */
export class V2McpServer {
  tools: Listed[] = [
    { name: 'echo', description: 'Says it again', inputSchema: { type: 'object' } },
    { name: 'count', description: 'Counts slowly', inputSchema: { type: 'object' } },
  ];
  private readonly handler = createMcpHandler(() => this.server());
  private readonly answer = toNodeHandler(this.handler);
  private readonly http = createServer((request, response) => void this.answer(request, response));

  static async listen(): Promise<V2McpServer> {
    const server = new V2McpServer();
    await new Promise<void>((ready) => server.http.listen(0, '127.0.0.1', ready));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/mcp`;
  }

  announceChange(): void {
    this.handler.notify.toolsChanged();
  }

  close(): Promise<void> {
    this.http.closeAllConnections();
    return new Promise((done) => this.http.close(() => done()));
  }

  private server(): Server {
    const server = new Server({ name: 'v2', version: '1' }, { capabilities: { tools: { listChanged: true } } });
    server.setRequestHandler('tools/list', () => ({ tools: this.tools }));
    server.setRequestHandler('tools/call', async ({ params }, context) => {
      const token = context.mcpReq._meta?.progressToken;
      const { text = '', steps = 0 } = (params.arguments ?? {}) as { text?: string; steps?: number };
      for (let progress = 1; progress <= steps; progress++) {
        await new Promise((next) => setTimeout(next, 60));
        if (token === undefined) continue;
        await context.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken: token, progress, total: steps },
        });
      }
      return { content: [{ type: 'text', text: `${params.name}: ${text}` }] };
    });
    return server;
  }
}
