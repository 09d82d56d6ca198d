import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SseReply } from '../runtime/streams/sse-reply.js';
import { type MessageFilter, Messages } from '../storage/messages.js';
import { itemOf } from './message-item.js';
import type { PageRequest } from './read-request.js';

const PAGE = 200;
/** What other processes write to a shared database is looked for this often. */
const LOOK_MS = 1_000;

/** Messages as they come. */
@Injectable()
export class MessageWatch {
  constructor(private readonly messages: Messages) {}

  /** Server-sent events until the reader goes. Without a cursor only what comes from now on. */
  async follow(filter: MessageFilter, { after, resumes }: PageRequest, reply: FastifyReply): Promise<void> {
    let last = resumes ? after : await this.messages.last(filter.namespace);
    const sse = SseReply.open(reply);
    const news = new News(this.messages, sse.signal);
    try {
      await sse.send(': connected\n\n');
      while (!sse.signal.aborted) {
        // Armed before looking: what comes while it looks is not lost.
        const more = news.next();
        const rows = await this.messages.page(filter, last, PAGE);
        for (const row of rows) await sse.event(JSON.stringify(itemOf(row)), row.sequence);
        last = rows.at(-1)?.sequence ?? last;
        if (rows.length < PAGE) await more;
      }
    } finally {
      news.stop();
      sse.end();
    }
  }
}

/** Tells that it is worth looking again. */
class News {
  private wake = () => {};
  private readonly stops: (() => void)[];

  constructor(
    messages: Messages,
    private readonly gone: AbortSignal,
  ) {
    const look = messages.shared ? setInterval(() => this.wake(), LOOK_MS) : undefined;
    this.stops = [messages.onAppend(() => this.wake()), () => clearInterval(look)];
    gone.addEventListener('abort', () => this.wake(), { once: true });
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      if (this.gone.aborted) resolve();
    });
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }
}
