import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Less than a process may take to stop: the rest of the stop comes after. */
const ANSWERED_WITHIN_MS = 7_000;
/** Work that was called off says so at once. */
const CALLED_OFF_WITHIN_MS = 1_000;
/** Who reads, reads again elsewhere; and watches and streams of what goes on have no end. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whoever sent something to a process that stops gets an answer to it, within some seconds. */
export class RequestsUnderWay {
  private readonly open = new Set<FastifyRequest>();
  private readonly ends: (() => boolean)[] = [];
  private isStopping = false;
  private onIdle: () => void = () => undefined;

  /** @param isPatient whether a stop waits for answers at all */
  constructor(private readonly isPatient: boolean) {}

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

  /** Work that only this process does: `end` calls it off when it takes too long, and says whether there was any. */
  callOff(end: () => boolean): void {
    this.ends.push(end);
  }

  /**
   * Resolves when all are answered, or after as long as a stop may wait. By then the controllers have given their work
   * back, and other replicas do it.
   */
  async answered(): Promise<void> {
    this.isStopping = true;
    if (this.isPatient) await this.idle(ANSWERED_WITHIN_MS);
    const calledOff = this.ends.map((end) => end()).some(Boolean);
    if (calledOff) await this.idle(CALLED_OFF_WITHIN_MS);
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
