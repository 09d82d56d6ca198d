import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

type Answer = (response: ServerResponse, echo: string, request: IncomingMessage, body: string) => void;

const json = (response: ServerResponse, status: number, content: object | string) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof content === 'string' ? content : JSON.stringify(content));
};

const BLANKS = Buffer.alloc(96 << 20, ' ');
const PACKED: Record<string, () => Buffer> = {
  gzip: () => gzipSync(BLANKS, { level: 1 }),
  deflate: () => deflateSync(BLANKS, { level: 1 }),
  br: () => brotliCompressSync(BLANKS, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: () => zstdCompressSync(BLANKS),
  'gzip, gzip': () => gzipSync(gzipSync(BLANKS, { level: 1 })),
};
const packed = new Map<string, Buffer>();

/** Many megabytes in a few bytes. */
function bomb(response: ServerResponse, encoding: string): void {
  const bytes = packed.get(encoding) ?? PACKED[encoding]!();
  packed.set(encoding, bytes);
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(bytes);
}

/** What carelessly written servers do with the credentials that they are sent. */
const ANSWERS: Record<string, Answer> = {
  error: (response, echo) => json(response, 500, { error: { message: `not accepted: ${echo}` }, stack: `at ${echo}` }),
  refused: (response, echo) => json(response, 400, { error: { message: `not accepted: ${echo}` } }),
  metadata: (response) => {
    response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
  },
  challenge: (response) => {
    const server = 'Bearer resource_metadata="http://169.254.169.254/.well-known/oauth-protected-resource"';
    response.writeHead(401, { 'www-authenticate': server }).end();
  },
  gzip: (response) => bomb(response, 'gzip'),
  deflate: (response) => bomb(response, 'deflate'),
  br: (response) => bomb(response, 'br'),
  zstd: (response) => bomb(response, 'zstd'),
  layers: (response) => bomb(response, 'gzip, gzip'),
  headers: (response) => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`x-${i}`, 'y'.repeat(1_000)]));
    response.writeHead(200, { 'content-type': 'application/json', ...many }).end('{}');
  },
  denied: (response, echo, { headers }) => {
    const said = headers.authorization ?? headers['x-api-key'] ?? '';
    const challenge = `Bearer error_description="${said}", resource_metadata="http://127.0.0.1:1/?k=${encodeURIComponent(String(said))}"`;
    response.writeHead(401, { 'www-authenticate': challenge, 'content-type': 'text/plain' });
    response.end(`who is ${echo}?`);
  },
  html: (response, echo) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end(`<html><pre>Traceback (most recent call last):\n  ${echo}</pre></html>`);
  },
  broken: (response, echo) => json(response, 200, `{"choices": [${echo} and then nothing`),
  words: (response, echo) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(echo);
  },
  moved: (response, _echo, { url }) => {
    response.writeHead(307, { location: String(url).replace('/moved', '/refused') }).end();
  },
  rpc: (response, echo, _request, body) => {
    const { id } = JSON.parse(body) as { id: unknown };
    json(response, 200, { jsonrpc: '2.0', id, error: { code: -32000, message: `not accepted: ${echo}`, data: echo } });
  },
  reply: (response, echo, _request, body) => {
    const { id } = JSON.parse(body) as { id: unknown };
    const parts = [{ kind: 'text', text: `you sent ${echo}` }];
    json(response, 200, { jsonrpc: '2.0', id, result: { kind: 'message', messageId: 'm', role: 'agent', parts } });
  },
  stream: (response, echo) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [i, piece] of (echo.match(/.{1,4000}/gs) ?? []).entries()) {
      const choices = [{ index: 0, delta: { content: piece }, finish_reason: null }];
      response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: i, choices })}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  },
  cut: (response, echo) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: {"error": {"message": ${JSON.stringify(echo)}}}\n\n`, () => response.destroy());
  },
};

/**
 * A server that says back whatever it is sent. `/<name>/<how>/…` chooses how; agent cards are shown at `/<name>/<how>`
 * where the name begins with `agent`.
 */
export class MirrorServer {
  /** What came, as one text per request. */
  readonly seen: { path: string; echo: string }[] = [];
  /** Where `away` sends its visitors, and where an agent of `agent…/card` claims to be. */
  elsewhere = 'http://127.0.0.2:1';
  private readonly server = createServer((request, response) => void this.serve(request, response));

  static async listen(): Promise<MirrorServer> {
    const mirror = new MirrorServer();
    await new Promise<void>((ready) => mirror.server.listen(0, '127.0.0.1', ready));
    return mirror;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What the requests below a path held. */
  heard(path: string): string {
    return this.seen
      .filter((each) => each.path.startsWith(path))
      .map(({ echo }) => echo)
      .join('\n');
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const path = request.url ?? '';
    const echo = `${request.method} ${path} ${JSON.stringify(request.headers)} ${body}`;
    this.seen.push({ path, echo });
    const [, name = '', how = ''] = path.split(/[/?]/);
    if (name.startsWith('agent') && path.endsWith('/.well-known/agent-card.json')) {
      return json(
        response,
        200,
        this.card(`${name}-${how}`, how === 'card' ? `${this.elsewhere}/agent` : `${this.url}/${name}/${how}`),
      );
    }
    if (how === 'away') {
      const location = `${this.elsewhere}/?k=${encodeURIComponent(echo)}`;
      return void response.writeHead(307, { location }).end();
    }
    (ANSWERS[how] ?? ANSWERS.error)?.(response, echo, request, body);
  }

  private card(agent: string, url: string): object {
    return {
      ...{
        name: agent,
        description: 'Says it back',
        version: '1',
        protocolVersion: '0.3.0',
        url,
      },
      ...{ capabilities: { streaming: false }, skills: [], defaultInputModes: ['text'], defaultOutputModes: ['text'] },
    };
  }
}
