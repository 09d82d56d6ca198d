import type { FastifyReply } from 'fastify';

const HEARTBEAT_MS = 15_000;
/** Who takes nothing for so long is not there any more, or wants to keep our memory. */
const PATIENCE_MS = 60_000;
/** Proxies must not hold events back. */
const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
};

/**
 * A reply that has become a stream of server-sent events. A comment every 15 s keeps proxies from closing it; a reader who
 * takes nothing for a minute is let go.
 */
export class SseReply {
  private readonly heartbeat: NodeJS.Timeout;
  private readonly gone = new AbortController();

  private constructor(
    private readonly raw: FastifyReply['raw'],
    heartbeatMs: number,
    private readonly patienceMs: number,
  ) {
    this.heartbeat = setInterval(() => {
      if (!raw.writableNeedDrain) void this.send(': heartbeat\n\n');
    }, heartbeatMs);
    raw.once('close', () => this.close());
  }

  /** Sends the headers, with those that the reply already has. */
  static open(reply: FastifyReply, { heartbeatMs = HEARTBEAT_MS, patienceMs = PATIENCE_MS } = {}): SseReply {
    const headers = reply.getHeaders() as Record<string, string>;
    reply.hijack();
    reply.raw.writeHead(200, { ...headers, ...HEADERS });
    reply.raw.flushHeaders();
    return new SseReply(reply.raw, heartbeatMs, patienceMs);
  }

  /** Aborted when the reader has gone. */
  get signal(): AbortSignal {
    return this.gone.signal;
  }

  /** Resolves when the reader can take more; at once when it has gone. */
  async send(text: string): Promise<void> {
    const { raw } = this;
    if (raw.destroyed || raw.writableEnded || raw.write(text)) return;
    await new Promise<void>((resolve) => {
      const settled = () => {
        clearTimeout(limit);
        raw.off('drain', settled).off('close', settled);
        resolve();
      };
      const limit = setTimeout(() => raw.destroy(), this.patienceMs);
      raw.on('drain', settled).on('close', settled);
    });
  }

  event(data: string, id?: string | number): Promise<void> {
    return this.send(`${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`);
  }

  end(): void {
    this.close();
    const { raw } = this;
    raw.end();
    if (raw.writableFinished || raw.destroyed) return;
    const limit = setTimeout(() => raw.destroy(), this.patienceMs);
    raw.once('close', () => clearTimeout(limit));
  }

  private close(): void {
    clearInterval(this.heartbeat);
    this.gone.abort();
  }
}
