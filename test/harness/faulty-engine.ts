import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Promises of an engine that this one breaks on demand. */
export type Fault =
  | 'no card'
  | 'no skills'
  | 'no extension in the card'
  | 'no answer to bad JSON'
  | 'any method is fine'
  | 'any message is answered'
  | 'another id'
  | 'nothing said'
  | 'another conversation'
  | 'usage in words'
  | 'a stream without an end'
  | 'deaf to cancellation';

interface Rpc {
  id: unknown;
  method: string;
  params: { id?: string; message: { messageId: string; contextId?: string; metadata?: Record<string, unknown> } };
}

const EXTENSION = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1';
const REF = `${EXTENSION}/ref`;

/** A small engine in protocol 0.3 on bare HTTP that keeps the contract, but for the faults it is given. */
export class FaultyEngine {
  fault?: Fault;
  private readonly canceled = new Set<string>();
  private readonly running = new Set<string>();
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async listen(): Promise<FaultyEngine> {
    const engine = new FaultyEngine();
    await new Promise<void>((ready) => engine.server.listen(0, '127.0.0.1', ready));
    return engine;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (request.url === '/health') return json(response, { status: 'healthy' });
    if (request.method === 'GET')
      return this.fault === 'no card' ? json(response, {}, 404) : json(response, this.card());
    let rpc: Rpc;
    try {
      rpc = JSON.parse(text) as Rpc;
    } catch {
      const error = { code: -32700, message: 'no JSON' };
      json(response, this.fault === 'no answer to bad JSON' ? {} : { jsonrpc: '2.0', id: null, error });
      return;
    }
    await this.answer(rpc, response);
  }

  private async answer({ id, method, params }: Rpc, response: ServerResponse): Promise<void> {
    const envelope = (content: object) => ({
      jsonrpc: '2.0',
      id: this.fault === 'another id' ? 'other' : id,
      ...content,
    });
    const error = (code: number, message: string) => json(response, envelope({ error: { code, message } }));
    if (method === 'tasks/get' || method === 'tasks/cancel') {
      const task = params.id ?? '';
      if (!this.running.has(task)) return error(-32001, `no task ${task}`);
      if (this.fault !== 'deaf to cancellation') this.canceled.add(task);
      return json(response, envelope({ result: { kind: 'task', id: task, status: { state: 'canceled' } } }));
    }
    if (method !== 'message/send' && method !== 'message/stream' && this.fault !== 'any method is fine') {
      return error(-32601, `no method ${method}`);
    }
    const query = (params.message?.metadata?.[REF] as { name?: string } | undefined)?.name ?? 'none';
    const unknown = query === 'none' || query.startsWith('surely-not') || query.endsWith('-options');
    if (unknown && this.fault !== 'any message is answered') return error(-32602, `no Query ${query}`);
    if (method === 'message/stream') await this.stream(response, envelope);
    else json(response, envelope({ result: this.message(params.message) }));
  }

  private message(asked: Rpc['params']['message'] | undefined) {
    const tokens = this.fault === 'usage in words' ? 'many' : 7;
    return {
      kind: 'message',
      role: 'agent',
      messageId: `${asked?.messageId}-response`,
      contextId: this.fault === 'another conversation' ? 'other' : asked?.contextId,
      parts: [{ kind: 'text', text: this.fault === 'nothing said' ? '' : 'Fine.' }],
      metadata: { [REF]: { tokenUsage: { total_tokens: tokens } } },
    };
  }

  /** Twenty words in a second, and then the end. */
  private async stream(response: ServerResponse, envelope: (content: object) => object): Promise<void> {
    const task = `task-${this.running.size}`;
    this.running.add(task);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (result: object) => response.write(`data: ${JSON.stringify(envelope({ result }))}\n\n`);
    event({ kind: 'task', id: task, status: { state: 'working' } });
    for (let piece = 0; piece < 20 && !this.canceled.has(task); piece += 1) {
      event({ kind: 'artifact-update', taskId: task, artifact: { parts: [{ kind: 'text', text: 'word ' }] } });
      await delay(50);
    }
    const state = this.canceled.has(task) ? 'canceled' : 'completed';
    if (this.fault !== 'a stream without an end') event({ kind: 'status-update', taskId: task, status: { state } });
    response.end();
  }

  private card(): object {
    const extensions = this.fault === 'no extension in the card' ? [] : [{ uri: EXTENSION }];
    return {
      name: 'faulty',
      description: 'Keeps promises but one',
      url: this.url,
      version: '1.0.0',
      protocolVersion: '0.3.0',
      capabilities: { streaming: true, extensions },
      skills: this.fault === 'no skills' ? [] : [{ id: 's', name: 's' }],
    };
  }
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
