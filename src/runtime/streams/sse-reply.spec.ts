import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { SseReply } from './sse-reply.js';

/** The connection of a reader: what it has taken, and whether it takes anything. */
function connection({ reads }: { reads: boolean }) {
  const taken: string[] = [];
  const raw = Object.assign(
    new Writable({
      highWaterMark: 16,
      write: (chunk, _, done) => {
        taken.push(String(chunk));
        if (reads) setImmediate(done);
      },
    }),
    { writeHead: () => {}, flushHeaders: () => {} },
  );
  const reply = { raw, hijack: () => {}, getHeaders: () => ({}) } as unknown as FastifyReply;
  return { raw, reply, taken };
}

describe('a reply of server-sent events', () => {
  it('waits for a reader who is slow, and loses nothing', async () => {
    const { reply, taken } = connection({ reads: true });
    const sse = SseReply.open(reply);
    for (let i = 0; i < 5; i += 1) await sse.event(`a line longer than the buffer ${i}`, i);
    sse.end();
    expect(taken).toHaveLength(5);
    expect(taken[4]).toBe('id: 4\ndata: a line longer than the buffer 4\n\n');
    expect(sse.signal.aborted).toBe(true);
  });

  it('lets go of a reader who takes nothing for too long', async () => {
    const { raw, reply } = connection({ reads: false });
    const sse = SseReply.open(reply, { patienceMs: 20 });
    await sse.event('a line longer than the buffer');
    expect(raw.destroyed).toBe(true);
    expect(sse.signal.aborted).toBe(true);
    await sse.event('nobody hears this');
    sse.end();
  });

  it('does not keep the last words for a reader who never takes them', async () => {
    const { raw, reply } = connection({ reads: false });
    const sse = SseReply.open(reply, { patienceMs: 20 });
    void sse.event('the end');
    sse.end();
    await new Promise((gone) => raw.once('close', gone));
    expect(raw.destroyed).toBe(true);
  });

  it('sends no heartbeats to a reader who has not taken the last ones', async () => {
    const { raw, reply } = connection({ reads: false });
    const sse = SseReply.open(reply, { heartbeatMs: 1, patienceMs: 50 });
    const sent = sse.event('a line longer than the buffer');
    const before = raw.writableLength;
    await sent;
    expect(raw.writableLength).toBe(before);
  });
});
