import { once } from 'node:events';
import type { FastifyReply } from 'fastify';

const HEARTBEAT_MS = 15_000;
/** Proxies must not hold events back. */
const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
};

/** A reply that has become a stream of server-sent events. A comment every 15 s keeps proxies from closing it. */
export class SseReply {
  private readonly heartbeat: NodeJS.Timeout;
  private readonly gone = new AbortController();

  private constructor(private readonly raw: FastifyReply['raw']) {
    this.heartbeat = setInterval(() => void this.send(': heartbeat\n\n'), HEARTBEAT_MS);
    raw.once('close', () => this.close());
  }

  /** Sends the headers, with those that the reply already has. */
  static open(reply: FastifyReply): SseReply {
    const headers = reply.getHeaders() as Record<string, string>;
    reply.hijack();
    reply.raw.writeHead(200, { ...headers, ...HEADERS });
    reply.raw.flushHeaders();
    return new SseReply(reply.raw);
  }

  /** Aborted when the reader has gone. */
  get signal(): AbortSignal {
    return this.gone.signal;
  }

  /** Resolves when the reader can take more; at once when it has gone. */
  async send(text: string): Promise<void> {
    const { raw } = this;
    if (raw.destroyed || raw.writableEnded || raw.write(text)) return;
    const settled = new AbortController();
    const waits = [once(raw, 'drain', settled), once(raw, 'close', settled)];
    for (const wait of waits) wait.catch(() => {});
    await Promise.race(waits).catch(() => {});
    settled.abort();
  }

  event(data: string, id?: string | number): Promise<void> {
    return this.send(`${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`);
  }

  end(): void {
    this.close();
    this.raw.end();
  }

  private close(): void {
    clearInterval(this.heartbeat);
    this.gone.abort();
  }
}
