import { setTimeout as pause } from 'node:timers/promises';
import {
  ArkError,
  type EgressRules,
  errorText,
  guardedLookup,
  type MemoryConfig,
  redactor,
  refuseEgress,
  timeout,
  unavailable,
} from 'nest-ark';
import { Agent, fetch } from 'undici';

const CALL_MS = 30_000;
const PAUSES_MS = [100, 400];
const LARGEST_ANSWER = 32 << 20;

/** Connections to memory services, kept open between calls. */
export const memoryConnections = (rules: EgressRules) =>
  new Agent({ connections: 32, keepAliveTimeout: 30_000, connect: { lookup: guardedLookup(rules) } });

/** A refusal that another try may turn into an answer. */
class Passing extends Error {}

export interface Call<T = void> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below the service's address, e.g. `/messages?conversation_id=c`. */
  path: string;
  body?: object;
  /** Statuses besides 2xx that are fine. */
  allow?: number[];
  signal: AbortSignal;
  /** Makes sense of the parsed body; throws when there is none to make. */
  read?(answer: unknown): T;
}

/** One memory service over HTTP: headers, time-outs, bounded answers, errors that name the Memory. */
export class MemoryService {
  constructor(
    private readonly config: MemoryConfig,
    private readonly connections: Agent,
  ) {}

  /** Repeated after passing failures: only for calls that may be made twice. */
  async repeatable<T = void>(call: Call<T>): Promise<T> {
    for (const wait of PAUSES_MS) {
      try {
        return await this.once(call);
      } catch (error) {
        if (!isPassing(error)) throw error;
        await pause(wait, undefined, { signal: call.signal });
      }
    }
    return this.once(call);
  }

  /** @throws `Unavailable` or `Timeout` naming the Memory; the signal's reason when it was aborted */
  async once<T = void>({ method, path, body, allow = [], signal, read }: Call<T>): Promise<T> {
    signal.throwIfAborted();
    const { address, headers, secrets = [] } = this.config;
    const clock = AbortSignal.timeout(CALL_MS);
    try {
      const url = new URL(`${address}${path}`);
      refuseEgress(url, this.config.egress);
      const response = await fetch(url, {
        method,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': 'ark-memory-client/1.0',
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        dispatcher: this.connections,
        redirect: 'manual',
        signal: AbortSignal.any([signal, clock]),
      });
      const text = redactor(headers, secrets)(await boundedText(response.body as AsyncIterable<Uint8Array> | null));
      if (allow.includes(response.status) || (response.ok && !read)) return undefined as T;
      if (response.ok && read) return read(JSON.parse(text));
      const refusal = `${method} ${path.split('?')[0]} was answered with ${response.status}: ${text.slice(0, 300)}`;
      throw response.status >= 500 || response.status === 429 ? new Passing(refusal) : unavailable(refusal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw this.failure(error, clock.aborted);
    }
  }

  private failure(error: unknown, late: boolean): ArkError {
    const { namespace, name, address } = this.config;
    const where = `memory '${namespace}/${name}' at ${new URL(address).host}`;
    if (late) return timeout(`${where}: no answer within ${CALL_MS / 1000} s`, { cause: error });
    // `fetch failed` says nothing; what it was caused by does.
    const cause = error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
    return unavailable(`${where}: ${errorText(cause)}`, { cause: error });
  }
}

/** Whether another try may help: the network, a server in trouble, a server with too much to do. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ArkError)) return false;
  return error.family === 'Timeout' || error.cause instanceof Passing || error.cause instanceof TypeError;
}

async function boundedText(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > LARGEST_ANSWER) throw unavailable(`the answer is larger than ${LARGEST_ANSWER >> 20} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
