import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Message {
  id?: number | string;
  method: string;
  params?: Record<string, unknown>;
}

export interface SeenRequest {
  /** HTTP method, path, and the method of the message when there is one. */
  line: string;
  headers: IncomingMessage['headers'];
  params?: Record<string, unknown>;
}

/**
 * An MCP server of 2025-03-26 with sessions, on bare HTTP, whose every answer a test may write. It shares no code with
 * the product and none with the SDK.
 */
export class ScriptedMcpServer {
  readonly seen: SeenRequest[] = [];
  endpoint = '/mcp';
  tools: unknown[] = [{ name: 'greet', description: 'Greets', inputSchema: { type: 'object' } }];
  /** The answer to `tools/list`, when it is not just `tools`. */
  page: (params: Record<string, unknown>) => object = () => ({ tools: this.tools });
  call: (params: Record<string, unknown>, server: this) => Promise<object> | object = () => ({
    content: [{ type: 'text', text: 'hello' }],
  });
  /** Looks at every request first; true when it answered. */
  before: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  private sessions = new Set<string>();
  private readonly streams = new Set<ServerResponse>();
  private readonly http = createServer((request, response) => void this.serve(request, response));

  static async listen(port = 0): Promise<ScriptedMcpServer> {
    const server = new ScriptedMcpServer();
    await new Promise<void>((ready) => server.http.listen(port, '127.0.0.1', ready));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}${this.endpoint}`;
  }

  /** Requests whose message has this method. */
  count(method: string): number {
    return this.seen.filter(({ line }) => line.endsWith(` ${method}`)).length;
  }

  get listeners(): number {
    return this.streams.size;
  }

  /** Forgets every session, as a restart would. */
  forgetSessions(): void {
    this.sessions = new Set();
  }

  announceChange(): void {
    for (const stream of this.streams) {
      stream.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })}\n\n`);
    }
  }

  close(): Promise<void> {
    this.http.closeAllConnections();
    return new Promise((done) => this.http.close(() => done()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const message = text === '' ? undefined : (JSON.parse(text) as Message);
    this.seen.push({
      line: [request.method, request.url, message?.method].filter(Boolean).join(' '),
      headers: request.headers,
      params: message?.params,
    });
    if (this.before(request, response)) return;
    if (request.url?.split('?')[0] !== this.endpoint) return void response.writeHead(404).end('nothing here');
    if (request.method === 'GET') return this.openStream(response);
    if (request.method === 'DELETE') return void response.writeHead(200).end();
    if (message) await this.answer(message, request, response);
  }

  private openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  private async answer(message: Message, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.method === 'initialize') return this.begin(message, response);
    const session = String(request.headers['mcp-session-id'] ?? '');
    if (session === '') return void response.writeHead(400).end('no session');
    if (!this.sessions.has(session)) return void response.writeHead(404).end('no such session');
    if (message.id === undefined) return void response.writeHead(202).end();
    const params = message.params ?? {};
    if (message.method === 'tools/list') return send(response, message, this.page(params));
    if (message.method === 'tools/call') return send(response, message, await this.call(params, this));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'no such method' } }),
    );
  }

  private begin(message: Message, response: ServerResponse): void {
    const session = randomUUID();
    this.sessions.add(session);
    response.setHeader('mcp-session-id', session);
    const capabilities = { tools: { listChanged: true } };
    const serverInfo = { name: 'scripted', version: '1' };
    send(response, message, { protocolVersion: '2025-03-26', capabilities, serverInfo });
  }
}

function send(response: ServerResponse, { id }: Message, result: object): void {
  if (response.writableEnded || response.destroyed) return;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}
