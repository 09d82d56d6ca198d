import { formatSSEErrorEvent, formatSSEEvent } from '@a2a-js/sdk';
import type { FastifyReply } from 'fastify';
import { SseReply } from '../../runtime/streams/sse-reply.js';

export interface EventStream {
  events: AsyncGenerator<unknown>;
  /** The wire form of a failure. */
  failure(error: unknown): unknown;
  /** Called once, before the headers go out. */
  beforeHeaders(): void;
}

/**
 * Sends the values of a generator as server-sent events.
 *
 * The generator is drained to its end even when the client has gone, since it may be what carries a task's events to
 * the store; one that is not ends by itself with the signal of its call.
 * A slow reader slows the generator down.
 *
 * @throws what the generator throws before its first value, so that it can become an ordinary answer
 */
export async function sendEvents(reply: FastifyReply, { events, failure, beforeHeaders }: EventStream): Promise<void> {
  let step = await events.next();
  beforeHeaders();
  const stream = SseReply.open(reply);
  try {
    for (; !step.done; step = await events.next()) await stream.send(formatSSEEvent(step.value));
  } catch (error) {
    await stream.send(formatSSEErrorEvent(failure(error)));
  } finally {
    stream.end();
  }
}
