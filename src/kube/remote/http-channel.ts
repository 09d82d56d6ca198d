import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { ArkError, canceled, timeout, unavailable } from '../../kit/errors/ark-error.js';
import type { ClusterAccess, TlsMaterial } from './cluster-access.js';
import { statusErrorOf } from './status-body.js';

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Call {
  verb: Verb;
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Default: JSON. */
  contentType?: string;
  /** Default: JSON. */
  accept?: string;
  /** Beside the credentials, which they cannot replace. */
  headers?: Readonly<Record<string, string | string[]>>;
  signal?: AbortSignal;
  onWarning?(text: string): void;
}

export interface Answer {
  code: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Requests at once; more wait here instead of opening a connection each. */
const CONNECTIONS = 64;
/** Tries of one request: for answers that say "later" and for connections that died before the answer of a read. */
const TRIES = 4;
const LONGEST_WAIT_MS = 5_000;
const KEEP_ALIVE_MS = 60_000;

interface Dispatchers {
  /** The credentials they were made for: the same object needs no comparison. */
  tls: TlsMaterial;
  fingerprint: string;
  /** Ordinary requests share a bounded pool. */
  calls: Dispatcher;
  /** Watches hold a connection each, so they must not use up the pool. */
  streams: Dispatcher;
}

/** HTTP to one cluster: connections that are kept, credentials that are renewed, refusals as `StatusError`. */
export class HttpChannel {
  private dispatchers?: Dispatchers;
  private readonly closing = new AbortController();

  constructor(
    private readonly access: ClusterAccess,
    private readonly timeoutMs: number,
    private readonly userAgent: string,
  ) {}

  /** One request and its whole answer; throws `StatusError` for a refusal. */
  async json<T>(call: Call): Promise<T> {
    const answer = await this.exchange(call);
    if (answer.code >= 300) throw statusErrorOf(answer.code, answer.text, `${call.verb} ${call.path}`);
    return JSON.parse(answer.text) as T;
  }

  /** One request and its whole answer, whatever the code. */
  async exchange(call: Call): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const wait = await this.attempt(call, tries);
      if (typeof wait !== 'number') return wait;
      await pause(wait, this.closing.signal);
    }
  }

  /** Opens a stream of lines; its bytes stop with `signal`. */
  async stream(call: Call & { signal: AbortSignal; silenceMs: number }): Promise<Readable> {
    const signal = AbortSignal.any([call.signal, this.closing.signal]);
    const response = await this.send(call, 'streams', signal, call.silenceMs);
    if (response.statusCode < 300) return response.body;
    const text = await response.body.text();
    if (response.statusCode === 401) this.access.forget();
    throw statusErrorOf(response.statusCode, text, `${call.verb} ${call.path}`);
  }

  async close(): Promise<void> {
    this.closing.abort();
    const open = this.dispatchers;
    this.dispatchers = undefined;
    await Promise.all([open?.calls.destroy(), open?.streams.destroy()]);
  }

  /** An error of the connection, in words that name the server. */
  failure(error: unknown, call: Call): unknown {
    if (error instanceof ArkError) return error;
    const what = `${call.verb} ${call.path}`;
    if (this.closing.signal.aborted) return canceled(`${what}: the connection to ${this.access.server} was closed`);
    if (call.signal?.aborted) return canceled(`${what} was canceled`);
    const name = (error as Error | undefined)?.name ?? '';
    // A request that is wrong in itself is a bug, not a server that is away.
    if (name === 'InvalidArgumentError' || error instanceof TypeError) return error;
    if (['TimeoutError', 'HeadersTimeoutError', 'BodyTimeoutError'].includes(name)) {
      return timeout(`the API server ${this.access.server} did not answer ${what} within ${this.timeoutMs / 1000} s`, {
        cause: error,
      });
    }
    return unavailable(
      `the API server ${this.access.server} cannot be reached: ${deepest(error)?.message ?? String(error)}`,
      {
        cause: error,
      },
    );
  }

  /** The answer, or after how many milliseconds to try again. */
  private async attempt(call: Call, tries: number): Promise<Answer | number> {
    let answer: Answer;
    try {
      const limits = [AbortSignal.timeout(this.timeoutMs), this.closing.signal, call.signal];
      const signal = AbortSignal.any(limits.filter((each) => each !== undefined));
      const response = await this.send(call, 'calls', signal, this.timeoutMs);
      answer = { code: response.statusCode, headers: response.headers, text: await response.body.text() };
    } catch (error) {
      if (tries < TRIES && call.verb === 'GET' && diedUnderway(error)) return 0;
      throw this.failure(error, call);
    }
    if (answer.code === 401 && tries === 1) {
      this.access.forget();
      return 0;
    }
    const wait = retryAfterMs(answer);
    if (wait !== undefined && wait <= LONGEST_WAIT_MS && tries < TRIES) return wait;
    for (const text of warnings(answer.headers.warning)) call.onWarning?.(text);
    return answer;
  }

  private async send(call: Call, pool: 'calls' | 'streams', signal: AbortSignal, silenceMs: number) {
    const credentials = await this.access.credentials();
    const dispatcher = this.open(credentials.tls)[pool];
    const url = new URL(this.access.server);
    const headers: Record<string, string | string[]> = {
      ...call.headers,
      ...credentials.headers,
      accept: call.accept ?? 'application/json',
      'user-agent': this.userAgent,
    };
    if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json';
    return dispatcher.request({
      origin: url.origin,
      path: (url.pathname === '/' ? '' : url.pathname) + call.path + queryText(call.query),
      method: call.verb,
      headers,
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal,
      headersTimeout: this.timeoutMs,
      bodyTimeout: silenceMs,
    });
  }

  /** The pools for this TLS identity; a rotated certificate gets new ones while old requests end in peace. */
  private open(tls: TlsMaterial): Dispatchers {
    if (this.closing.signal.aborted) throw canceled(`the connection to ${this.access.server} was closed`);
    if (this.dispatchers?.tls === tls) return this.dispatchers;
    const fingerprint = JSON.stringify([tls.ca, tls.cert, tls.key, tls.rejectUnauthorized, tls.servername].map(String));
    if (this.dispatchers?.fingerprint === fingerprint) {
      this.dispatchers.tls = tls;
      return this.dispatchers;
    }
    const old = this.dispatchers;
    const make = (connections: number | null): Dispatcher => {
      const common = { connections, keepAliveTimeout: KEEP_ALIVE_MS, allowH2: false };
      const connect = { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000 };
      if (this.access.proxyUrl) return new ProxyAgent({ ...common, uri: this.access.proxyUrl, requestTls: connect });
      return new Agent({ ...common, connect });
    };
    this.dispatchers = { tls, fingerprint, calls: make(CONNECTIONS), streams: make(null) };
    void old?.calls.close();
    void old?.streams.close();
    return this.dispatchers;
  }
}

function queryText(query: Call['query']): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) pairs.set(name, String(value));
  return pairs.size > 0 ? `?${pairs.toString()}` : '';
}

/** By the rules of the API, a server that answers `Retry-After` did not act on the request. */
function retryAfterMs(answer: Answer): number | undefined {
  if (answer.code !== 429 && answer.code < 500) return undefined;
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) && answer.headers['retry-after'] !== undefined ? seconds * 1000 : undefined;
}

/** Texts of `Warning` headers: `299 - "text"`, several in one header or in several. */
export function warnings(header: string | string[] | undefined): string[] {
  const texts: string[] = [];
  for (const value of [header ?? []].flat()) {
    for (const match of value.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)) {
      texts.push((match[1] ?? '').replace(/\\(.)/g, '$1'));
    }
  }
  return texts;
}

function diedUnderway(error: unknown): boolean {
  const code = deepest(error)?.code ?? '';
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(code);
}

/** The first cause; shapes are looked at instead of classes, because an error may come from another realm. */
function deepest(error: unknown): NodeJS.ErrnoException {
  let inner = error as Error & { errors?: unknown[] };
  while (inner?.cause !== undefined) inner = inner.cause as typeof inner;
  // A host with several addresses fails with one error for each.
  return (inner?.errors?.[0] ?? inner) as NodeJS.ErrnoException;
}

/** Ends early, without an error, when the signal is given. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
