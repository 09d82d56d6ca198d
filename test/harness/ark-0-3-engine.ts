import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the engine behaves when it is asked something. `answer` is the well-behaved one. */
export type Behaviour =
  | 'answer'
  | 'silence'
  | 'status-500'
  | 'cut-off'
  | 'fifty-megabytes'
  | 'not-json'
  | 'rpc-error'
  | 'completed-task'
  | 'failed-task'
  /** Asks two things, one after the other, before it is done. */
  | 'asks';

/**
 * An execution engine that speaks the 0.3 wire format as Ark's Python SDK does: card, health, and `message/send` at the
 * root. Written on bare HTTP so that it shares no code with the product.
 */
export class Ark03Engine {
  readonly requests: { headers: IncomingMessage['headers']; body: RpcRequest }[] = [];
  behaviour: Behaviour = 'answer';
  /** What the card claims as the engine's own address; the real one by default. */
  cardUrl?: string;
  /** What was said to each task that asks. */
  private readonly told = new Map<string, string[]>();
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async listen(): Promise<Ark03Engine> {
    const engine = new Ark03Engine();
    await new Promise<void>((ready) => engine.server.listen(0, '127.0.0.1', ready));
    return engine;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      const pages: Record<string, unknown> = {
        '/.well-known/agent-card.json': this.card(),
        '/health': { status: 'healthy', engine: 'python-like' },
      };
      const page = pages[request.url ?? ''];
      json(response, page ? 200 : 404, page ?? { detail: 'Not Found' });
      return;
    }
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as RpcRequest;
    this.requests.push({ headers: request.headers, body });
    this.answer(body, response);
  }

  private answer(body: RpcRequest, response: ServerResponse): void {
    const { message } = body.params;
    const said = message.parts.map((part) => part.text).join('');
    const result = (value: unknown) => json(response, 200, { jsonrpc: '2.0', id: body.id, result: value });
    const error = { code: -32603, message: 'execution failed: no quota' };
    const behaviours: Record<Behaviour, () => void> = {
      answer: () => result(reply(message, `python says ${said}`)),
      silence: () => {},
      'status-500': () => json(response, 500, { detail: 'the engine broke' }),
      'cut-off': () => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
        response.write('{"jsonrpc":', () => response.destroy());
      },
      'fifty-megabytes': () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`"${'x'.repeat(50 << 20)}"`);
      },
      'not-json': () => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html>gateway error</html>');
      },
      'rpc-error': () => json(response, 200, { jsonrpc: '2.0', id: body.id, error }),
      'completed-task': () => result(task('completed', `task says ${said}`)),
      'failed-task': () => result(task('failed', 'the tool exploded')),
      asks: () => result(this.asked(message, said)),
    };
    behaviours[this.behaviour]();
  }

  private asked({ taskId, messageId }: RpcRequest['params']['message'], said: string) {
    const id = taskId ?? `task-of-${messageId}`;
    const known = [...(this.told.get(id) ?? []), said];
    this.told.set(id, known);
    const [, where, when] = known;
    if (!where) return task('input-required', 'Where to?', id);
    return when ? task('completed', `booked ${where}, ${when}`, id) : task('input-required', 'When?', id);
  }

  private card() {
    return {
      name: 'python-like',
      description: 'python-like execution engine',
      url: this.cardUrl ?? this.url,
      version: '1.0.0',
      protocolVersion: '0.3.0',
      capabilities: {},
      defaultInputModes: ['text'],
      defaultOutputModes: ['text'],
      skills: [{ id: 's', name: 's', description: 's', tags: ['execution-engine'] }],
    };
  }
}

interface RpcRequest {
  id: string | number;
  method: string;
  params: {
    message: {
      messageId: string;
      contextId?: string;
      taskId?: string;
      parts: { kind: string; text: string }[];
      metadata: Record<string, unknown>;
      extensions?: string[];
    };
    configuration?: { blocking?: boolean };
  };
}

function reply(message: RpcRequest['params']['message'], text: string) {
  return {
    kind: 'message',
    role: 'agent',
    messageId: `${message.messageId}-response`,
    parts: [{ kind: 'text', text }],
    ...(message.contextId ? { contextId: message.contextId } : {}),
  };
}

function task(state: string, text: string, id = 'task-1') {
  const message = { kind: 'message', role: 'agent', messageId: 'm-1', parts: [{ kind: 'text', text }] };
  return { kind: 'task', id, contextId: 'context-1', status: { state, message } };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
