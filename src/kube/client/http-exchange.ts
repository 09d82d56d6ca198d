import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { unavailable } from '../../kit/errors/ark-error.js';
import { type Connection, credentialHeaders } from './connection.js';

export interface ExchangeRequest {
  method: string;
  /** Path and query, from the server's root. */
  path: string;
  body?: string;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal;
}

/** HTTP(S) to one API server over kept-alive connections. Answers of any status come back; only transport fails. */
export class HttpExchange {
  private readonly agent: HttpAgent;
  private readonly base: URL;

  constructor(readonly connection: Connection) {
    this.base = new URL(connection.server);
    const proxyEnv = connection.proxyUrl
      ? { HTTPS_PROXY: connection.proxyUrl, HTTP_PROXY: connection.proxyUrl }
      : undefined;
    const options = { keepAlive: true, ...(proxyEnv ? { proxyEnv } : {}) };
    this.agent =
      this.base.protocol === 'https:'
        ? new HttpsAgent({
            ...options,
            ca: connection.ca,
            cert: connection.credentials.certificate,
            key: connection.credentials.key,
            rejectUnauthorized: !connection.insecure,
            servername: connection.serverName,
          })
        : new HttpAgent(options);
  }

  send(request: ExchangeRequest): Promise<IncomingMessage> {
    const open = this.base.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((done, fail) => {
      const url = new URL(this.base.pathname.replace(/\/$/, '') + request.path, this.base);
      const message: ClientRequest = open(url, {
        method: request.method,
        agent: this.agent,
        signal: request.signal,
        headers: {
          accept: request.accept ?? 'application/json',
          'user-agent': 'ark',
          ...(request.body === undefined
            ? {}
            : {
                'content-type': request.contentType ?? 'application/json',
                'content-length': Buffer.byteLength(request.body),
              }),
          ...credentialHeaders(this.connection.credentials),
        },
      });
      message.on('response', done);
      message.on('error', (error) => fail(request.signal?.aborted ? error : this.unreachable(error)));
      message.end(request.body);
    });
  }

  close(): void {
    this.agent.destroy();
  }

  private unreachable(error: Error & { code?: string; errors?: Error[] }): Error {
    const text = error.message || error.errors?.map((one) => one.message).join(', ') || error.code || 'no answer';
    return unavailable(`Cannot reach the API server ${this.connection.server} (${this.connection.source}): ${text}`, {
      reason: 'ApiServerUnreachable',
      cause: error,
    });
  }
}

/** The whole body as text. */
export async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The body line by line, as it arrives. An unfinished last line is dropped: the connection died in the middle of it. */
export async function* readLines(message: IncomingMessage): AsyncGenerator<string> {
  message.setEncoding('utf8');
  let rest = '';
  for await (const chunk of message) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
