import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { Agent, request } from 'undici';
import { errorText } from '../../../../kit/index.js';
import type { CollectorAddress } from './collector-address.js';
import { encodeSpans } from './encode-spans.js';

type Done = Parameters<SpanExporter['export']>[1];

/** What the specification tells to try again. */
const LATER = new Set([429, 502, 503, 504]);
const FIRST_PAUSE_MS = 1_000;

/** Sends spans as OTLP over HTTP in protobuf, which every collector takes; some take nothing else. */
export class ProtobufExporter implements SpanExporter {
  private readonly agent: Agent;
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly address: CollectorAddress) {
    const connect = Object.fromEntries(Object.entries(address.tls).filter(([, pem]) => pem !== undefined));
    this.agent = new Agent({ connections: 1, connect });
  }

  export(spans: ReadableSpan[], done: Done): void {
    const sending = this.send(spans).then(
      () => done({ code: 0 }),
      (error: unknown) => done({ code: 1, error: error instanceof Error ? error : new Error(errorText(error)) }),
    );
    this.underWay.add(sending);
    void sending.finally(() => this.underWay.delete(sending));
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.underWay);
  }

  async shutdown(): Promise<void> {
    this.closing.abort();
    await this.forceFlush();
    await this.agent.close();
  }

  /** Tries until the time is over; after the shutdown began once only. Spans that cannot be encoded are a failure, too. */
  private async send(spans: ReadableSpan[]): Promise<void> {
    const { url, headers, timeoutMs, gzip } = this.address;
    const deadline = Date.now() + timeoutMs;
    const encoded = encodeSpans(spans);
    const body = gzip ? gzipSync(encoded) : encoded;
    const encoding = gzip ? { 'content-encoding': 'gzip' } : {};
    for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
      const answer = await request(url, {
        method: 'POST',
        dispatcher: this.agent,
        headers: { ...headers, ...encoding, 'content-type': 'application/x-protobuf' },
        body,
        signal: AbortSignal.timeout(Math.max(1, deadline - Date.now())),
      });
      await answer.body.dump();
      const { statusCode } = answer;
      if (statusCode < 300) return;
      const wait = Math.max(pause, 1_000 * Number(answer.headers['retry-after'] ?? 0) || 0);
      const hopeless = !LATER.has(statusCode) || this.closing.signal.aborted || Date.now() + wait > deadline;
      if (hopeless) throw new Error(`${new URL(url).origin} answered ${statusCode}`);
      // A shutdown cuts the pause short.
      await sleep(wait, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }
}
