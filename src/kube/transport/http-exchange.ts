import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { timeout } from '../../kit/errors/ark-error.js';
import { type Answer, type Call, type StreamCall, targetOf } from './call.js';
import { type Connection, type Credentials, credentialHeaders } from './connection.js';
import { ConnectionPool } from './connection-pool.js';
import { closed } from './failure.js';
import { Turns } from './turns.js';

/** Calls at once; more wait here instead of opening a connection each. Streams hold one each and do not count. */
const CALLS = 64;

interface Underway {
  message: ClientRequest;
  head: Promise<IncomingMessage>;
  /** Ends it at once, also before it has a connection. */
  stop(): void;
}

/** One request, one answer of any status, over kept connections. Only transport fails, with the error as it is. */
export class HttpExchange {
  private readonly pool: ConnectionPool;
  private readonly turns = new Turns(CALLS);
  private readonly underway = new Set<Underway>();
  private readonly at: { hostname: string; port: string };
  private readonly root: string;
  private ended = false;

  constructor(
    private readonly connection: Connection,
    private readonly timeoutMs: number,
    private readonly userAgent: string,
  ) {
    const { hostname, port, pathname } = new URL(connection.server);
    this.at = { hostname: hostname.replace(/^\[|\]$/g, ''), port };
    this.root = pathname.replace(/\/$/, '');
    this.pool = new ConnectionPool(connection);
  }

  /** The whole answer, within the time limit. */
  async whole(call: Call, credentials: Credentials): Promise<Answer> {
    const deadline = Date.now() + this.timeoutMs;
    if (!(await this.turns.take(this.timeoutMs, call.signal))) throw this.late(call, this.timeoutMs);
    try {
      const request = this.open(call, credentials);
      return await this.inTime(call, request, Math.max(1, deadline - Date.now()), async () => {
        const response = await request.head;
        return { code: response.statusCode ?? 0, headers: response.headers, text: await textOf(response) };
      });
    } finally {
      this.turns.give();
    }
  }

  /** The head of the answer, within the time limit; its body is read as it comes. */
  async stream(call: StreamCall, credentials: Credentials): Promise<IncomingMessage> {
    const request = this.open(call, credentials);
    const response = await this.inTime(call, request, this.timeoutMs, () => request.head);
    const { silenceMs } = call;
    if (silenceMs > 0) request.message.setTimeout(silenceMs, () => response.destroy(this.late(call, silenceMs)));
    return response;
  }

  /** Ends every request that is under way or waits for its turn. */
  close(): void {
    this.ended = true;
    this.turns.close();
    for (const request of this.underway) request.stop();
    this.pool.close();
  }

  private open(call: Call, credentials: Credentials): Underway {
    if (this.ended) throw closed(this.connection);
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const message = this.request({
      ...this.at,
      path: this.root + targetOf(call),
      method: call.verb,
      headers: this.headers(call, credentials, body),
      agent: this.pool.of(credentials),
      signal: call.signal,
    });
    const { promise: head, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    // The second stays for errors after the head: those are told by the body.
    message.on('response', resolve).on('error', reject);
    const stop = () => {
      reject(new Error('stopped'));
      message.destroy();
    };
    const request = { message, head, stop };
    this.underway.add(request);
    message.once('close', () => this.underway.delete(request));
    message.end(body);
    return request;
  }

  private headers(call: Call, credentials: Credentials, body: string | undefined): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = {
      ...call.headers,
      ...credentialHeaders(credentials),
      accept: call.accept ?? 'application/json',
      'user-agent': this.userAgent,
    };
    if (body === undefined) return headers;
    headers['content-type'] = call.contentType ?? 'application/json';
    headers['content-length'] = Buffer.byteLength(body);
    return headers;
  }

  private request(options: RequestOptions): ClientRequest {
    if (this.connection.server.startsWith('https:')) return httpsRequest(options);
    // An import of node:http evaluates its lazy parts, a WebSocket client among them: 50 ms that a command line feels.
    return process.getBuiltinModule('node:http').request(options);
  }

  private async inTime<T>(call: Call, request: Underway, ms: number, work: () => Promise<T>): Promise<T> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      request.stop();
    }, ms);
    try {
      return await work();
    } catch (error) {
      throw late ? this.late(call, this.timeoutMs) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  private late({ verb, path }: Call, ms: number): Error {
    return timeout(`the API server ${this.connection.server} did not answer ${verb} ${path} within ${ms / 1000} s`);
  }
}

function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('error', reject);
  });
}
