import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SseReply } from '../runtime/streams/sse-reply.js';
import { type MessageFilter, Messages } from '../storage/messages.js';
import { itemOf } from './message-item.js';
import type { PageRequest } from './read-request.js';

const PAGE = 200;

/** Messages as they come. */
@Injectable()
export class MessageWatch {
  constructor(private readonly messages: Messages) {}

  /** Server-sent events until the reader goes. Without a cursor only what comes from now on. */
  async follow(filter: MessageFilter, { after, resumes }: PageRequest, reply: FastifyReply): Promise<void> {
    let last = resumes ? after : await this.messages.last(filter.namespace);
    const sse = SseReply.open(reply);
    const lookout = this.messages.watch(filter.namespace, sse.signal);
    try {
      await sse.send(': connected\n\n');
      while (!sse.signal.aborted) {
        const rows = await this.messages.page(filter, last, PAGE);
        for (const row of rows) await sse.event(JSON.stringify(itemOf(row)), row.sequence);
        last = rows.at(-1)?.sequence ?? last;
        if (rows.length < PAGE) await lookout.next();
      }
    } finally {
      lookout.stop();
      sse.end();
    }
  }
}
