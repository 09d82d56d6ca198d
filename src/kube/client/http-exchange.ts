import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { unavailable } from '../../kit/errors/ark-error.js';
import { type Connection, type Credentials, credentialHeaders } from './connection.js';

export interface ExchangeRequest {
  method: string;
  /** Path and query, from the server's root. */
  path: string;
  body?: string;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal;
}

/**
 * HTTP(S) to one API server over kept-alive connections. Answers of any status come back; only transport fails.
 * Credentials that can be renewed are renewed once when the server refuses them.
 */
export class HttpExchange {
  private readonly agents: HttpAgent[] = [];
  private readonly base: URL;
  private credentials: Credentials;
  private renewal?: Promise<void>;

  constructor(readonly connection: Connection) {
    this.base = new URL(connection.server);
    this.credentials = connection.credentials;
    this.agents.push(this.newAgent());
  }

  async send(request: ExchangeRequest): Promise<IncomingMessage> {
    const { credentials } = this;
    const response = await this.exchange(request);
    const { renew } = this.connection;
    if (response.statusCode !== 401 || !renew) return response;
    response.resume();
    // Another request may have renewed them while this one was on its way.
    if (credentials === this.credentials) await this.signInAgain(renew);
    return this.exchange(request);
  }

  private signInAgain(renew: () => Promise<Credentials>): Promise<void> {
    this.renewal ??= renew()
      .then((credentials) => {
        this.credentials = credentials;
        this.agents.unshift(this.newAgent());
      })
      .finally(() => {
        this.renewal = undefined;
      });
    return this.renewal;
  }

  private newAgent(): HttpAgent {
    const { ca, insecure, serverName, proxyUrl } = this.connection;
    const { certificate: cert, key } = this.credentials;
    const proxyEnv = proxyUrl ? { HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl } : undefined;
    const options = { keepAlive: true, ...(proxyEnv ? { proxyEnv } : {}) };
    if (this.base.protocol !== 'https:') return new HttpAgent(options);
    return new HttpsAgent({ ...options, ca, cert, key, rejectUnauthorized: !insecure, servername: serverName });
  }

  private exchange(request: ExchangeRequest): Promise<IncomingMessage> {
    const open = this.base.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((done, fail) => {
      const url = new URL(this.base.pathname.replace(/\/$/, '') + request.path, this.base);
      const message: ClientRequest = open(url, {
        method: request.method,
        agent: this.agents[0],
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
          ...credentialHeaders(this.credentials),
        },
      });
      message.on('response', done);
      message.on('error', (error) => fail(request.signal?.aborted ? error : this.unreachable(error)));
      message.end(request.body);
    });
  }

  close(): void {
    for (const agent of this.agents) agent.destroy();
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
