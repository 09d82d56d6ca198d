import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Call, StreamCall } from './call.js';
import type { Connection } from './connection.js';
import { closed, diedUnderway, failureOf } from './failure.js';
import { HttpExchange } from './http-exchange.js';
import { retryAfterMs } from './retry-after.js';
import { SignIn } from './sign-in.js';
import { statusErrorOf } from './status-body.js';
import { warnings } from './warnings.js';

/** Tries of one request: for answers that say "later" and for connections that died before the answer of a read. */
const TRIES = 4;
const LONGEST_WAIT_MS = 5_000;

export interface ChannelOptions {
  /** For every request but a stream; for a stream, until it begins. Default: 30 000. */
  timeoutMs?: number;
  userAgent: string;
}

/** Requests to one API server: sent again where that is safe, signed in again when refused, refusals as `StatusError`. */
export class HttpChannel {
  private readonly exchanges: HttpExchange;
  private readonly signIn: SignIn;
  private readonly closing = new AbortController();

  constructor(
    readonly connection: Connection,
    { timeoutMs = 30_000, userAgent }: ChannelOptions,
  ) {
    this.exchanges = new HttpExchange(connection, timeoutMs, userAgent);
    this.signIn = new SignIn(connection);
  }

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
      // A close ends the pause, and the next try says so.
      if (wait > 0) await delay(wait, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  /** Opens a stream of lines; its bytes stop with `signal`. */
  async stream(call: StreamCall): Promise<Readable> {
    for (let tries = 1; ; tries++) {
      const response = await this.exchanges.stream(call, await this.signIn.current());
      const code = response.statusCode ?? 0;
      if (code < 300) return response;
      const text = (await response.setEncoding('utf8').toArray()).join('');
      if (code === 401) this.signIn.refused();
      if (code !== 401 || tries > 1) throw statusErrorOf(code, text, `${call.verb} ${call.path}`);
    }
  }

  close(): void {
    this.closing.abort();
    this.exchanges.close();
  }

  /** An error of the connection, in words that name the server. */
  failure(error: unknown, call: Call): unknown {
    if (this.closing.signal.aborted) return closed(this.connection);
    return failureOf(error, call, this.connection);
  }

  /** The answer, or after how many milliseconds to try again. */
  private async attempt(call: Call, tries: number): Promise<Answer | number> {
    let answer: Answer;
    try {
      answer = await this.exchanges.whole(call, await this.signIn.current());
    } catch (error) {
      const stopped = this.closing.signal.aborted || call.signal?.aborted;
      if (tries < TRIES && call.verb === 'GET' && !stopped && diedUnderway(error)) return 0;
      throw this.failure(error, call);
    }
    if (answer.code === 401 && tries === 1) {
      this.signIn.refused();
      return 0;
    }
    const wait = retryAfterMs(answer);
    if (wait !== undefined && wait <= LONGEST_WAIT_MS && tries < TRIES) return wait;
    for (const text of warnings(answer.headers.warning)) call.onWarning?.(text);
    return answer;
  }
}
