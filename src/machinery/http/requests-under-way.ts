import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { unavailable } from '../../kit/index.js';

/** Who waits no longer, or does not work any more, says so at once. */
const SAID_WITHIN_MS = 1_000;
/** Who reads, reads again elsewhere; and watches and streams of what goes on have no end. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whoever sent something to a process that stops gets an answer to it: the whole one, or how far it is by then. */
export class RequestsUnderWay {
  private readonly open = new Set<FastifyRequest>();
  private readonly ends: (() => void)[] = [];
  private readonly leave = new AbortController();
  private isStopping = false;
  private onIdle: () => void = () => undefined;

  /** @param waitMs how long a stop waits for answers */
  constructor(private readonly waitMs: number) {}

  /** Aborted when nobody is waited for any more: who has no answer says how far it is, at once. */
  get leaving(): AbortSignal {
    return this.leave.signal;
  }

  /** Counts the requests of this application from now on. */
  watch(app: NestFastifyApplication): void {
    const count = (request: FastifyRequest, reply: FastifyReply, next: () => void) => {
      // The next request on this connection would find nobody.
      if (this.isStopping) reply.header('connection', 'close');
      if (!READING.has(request.method)) this.add(request, reply);
      next();
    };
    app.getHttpAdapter().getInstance().addHook('onRequest', count);
  }

  /** Work that only this process does: `end` calls it off when it takes too long. */
  callOff(end: () => void): void {
    this.ends.push(end);
  }

  /**
   * Resolves when all are answered, or a moment after a stop may wait no longer. By then the controllers have given their
   * work back, and other replicas do it.
   */
  async answered(): Promise<void> {
    this.isStopping = true;
    if (this.waitMs > 0) await this.idle(this.waitMs);
    for (const end of this.ends) end();
    this.leave.abort(unavailable('this process stops before it has the answer: send the message again'));
    await this.idle(SAID_WITHIN_MS);
  }

  private add(request: FastifyRequest, reply: FastifyReply): void {
    this.open.add(request);
    // Also when the client hangs up.
    reply.raw.once('close', () => {
      this.open.delete(request);
      if (this.open.size === 0) this.onIdle();
    });
  }

  private async idle(withinMs: number): Promise<void> {
    if (this.open.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.onIdle = resolve;
    const late = setTimeout(resolve, withinMs);
    await promise;
    clearTimeout(late);
  }
}
