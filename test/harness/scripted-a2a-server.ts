import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface A2aCall {
  method: string;
  params: Record<string, unknown>;
  headers: IncomingMessage['headers'];
  /** Answers with a JSON-RPC result. */
  result(value: unknown): void;
  error(code: number, message: string): void;
  /** Starts a stream; each call sends one event. */
  event(value: unknown): void;
  /** Answers with a status of HTTP, and with the body as it is. */
  status(code: number, headers?: Record<string, string>, body?: string): void;
  /** Cuts the connection. */
  cut(): void;
  end(): void;
}

/** An A2A server on bare HTTP whose every answer a test writes. It shares no code with the product. */
export class ScriptedA2aServer {
  readonly calls: A2aCall[] = [];
  /** What every request must bring as `Authorization`; undefined: nothing. */
  demanded?: string;
  /** Requests that did not. */
  refused = 0;
  onCall: (call: A2aCall) => void = (call) => call.error(-32601, 'nobody told me what to say');
  private readonly server = createServer((request, response) => void this.serve(request, response));

  private constructor(private readonly card: (url: string) => object | undefined) {}

  static async listen(card: (url: string) => object | undefined): Promise<ScriptedA2aServer> {
    const server = new ScriptedA2aServer(card);
    await new Promise<void>((ready) => server.server.listen(0, '127.0.0.1', ready));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  methods(): string[] {
    return this.calls.map(({ method }) => method);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.demanded !== undefined && request.headers.authorization !== this.demanded) {
      this.refused += 1;
      response.writeHead(401).end();
      return;
    }
    if (request.method === 'GET') {
      const card = request.url === '/.well-known/agent-card.json' ? this.card(this.url) : undefined;
      response.writeHead(card ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(card ?? {}));
      return;
    }
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { id, method, params } = JSON.parse(text) as { id: unknown; method: string; params: Record<string, unknown> };
    const envelope = (content: object) => JSON.stringify({ jsonrpc: '2.0', id, ...content });
    const json = (content: object) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(envelope(content));
    };
    const call: A2aCall = {
      method,
      params,
      headers: request.headers,
      result: (value) => json({ result: value }),
      error: (code, message) => json({ error: { code, message } }),
      event: (value) => {
        if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: ${envelope({ result: value })}\n\n`);
      },
      status: (code, headers, body) => void response.writeHead(code, headers).end(body),
      cut: () => response.destroy(),
      end: () => response.end(),
    };
    this.calls.push(call);
    this.onCall(call);
  }
}
